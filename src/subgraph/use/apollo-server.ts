import { IdentityRefused } from '../errors.ts';
import type { Identity } from '../identity.ts';

/** The context of each operation: who is asking. */
export interface IdentityContext {
  readonly identity: Identity;
}

/**
 * The `context` function of Apollo Server behind `expressIdentity`. Apollo's standalone server parses
 * the body before anybody sees its bytes, so the middleware has to come first.
 *
 * @throws IdentityRefused when the middleware was forgotten
 */
export async function apolloIdentityContext({
  req,
}: {
  readonly req: object;
}): Promise<IdentityContext> {
  const { identity } = req as { readonly identity?: Identity };
  if (!identity) throw new IdentityRefused('TOKEN_MISSING');
  return { identity };
}
