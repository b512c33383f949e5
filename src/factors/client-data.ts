/**
 * Whether what a page says of itself is said by a page that stands alone (WebAuthn level 3 section 5.8.1).
 *
 * Attack: our page, or one that looks like it, in a frame of a stranger's, whose visitor confirms what
 * they can't see. The library lets `crossOrigin` pass where no `topOrigin` is beside it.
 */
export function standsAlone(clientDataJSON: string): boolean {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    const { crossOrigin, topOrigin } = Object(data) as Record<string, unknown>;
    return (crossOrigin === undefined || crossOrigin === false) && topOrigin === undefined;
  } catch {
    return false;
  }
}
