import type { DeviceCredential } from '../ports/credentials.ts';

/** What of the options is bytes, and in JSON base64url. */
const bytes = ['challenge', 'id'];
const parts = ['user', 'allowCredentials', 'excludeCredentials'];

/**
 * The options as `navigator.credentials` takes them. Browsers of before 2025 lack
 * `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON`, which do the same.
 */
export function fromJson(options: unknown): object {
  return Object.fromEntries(
    Object.entries(Object(options)).map(([name, value]) => [
      name,
      parts.includes(name)
        ? Array.isArray(value)
          ? value.map(fromJson)
          : fromJson(value)
        : bytes.includes(name)
          ? toBytes(`${value}`)
          : value,
    ]),
  );
}

/** What a device gave, as the gateway takes it; `toJSON` is younger, and not in all password managers. */
export function toJson({
  id,
  rawId,
  authenticatorAttachment,
  response,
}: DeviceCredential): Record<string, unknown> {
  const names = [
    ...['clientDataJSON', 'attestationObject'],
    ...['authenticatorData', 'signature', 'userHandle'],
  ];
  const answers = names.flatMap((name) => {
    const value = response[name];
    return value ? [[name, toText(value as ArrayBuffer)]] : [];
  });
  return {
    id,
    rawId: toText(rawId),
    type: 'public-key',
    ...(authenticatorAttachment && { authenticatorAttachment }),
    clientExtensionResults: {},
    response: { ...Object.fromEntries(answers), transports: response.getTransports?.() },
  };
}

function toBytes(text: string): Uint8Array {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function toText(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
