import { GatehouseError } from '../gatehouse-error.ts';
import { passesOf } from '../passes.ts';
import type { Session } from '../session.ts';
import { type PasskeyAnswer, type StepUpOptions, stepUpDocument } from './ceremony.ts';

export type { StepUpOptions } from './ceremony.ts';

/** One of them. A password will do for an account without a second factor. */
export type Proof =
  | { readonly password: string }
  | { readonly totpCode: string }
  | { readonly passkey: PasskeyAnswer };

/**
 * How whoever is signed in can show once more who they are.
 *
 * @throws GatehouseError
 */
export async function beginStepUp(session: Session): Promise<StepUpOptions> {
  const answer = await session.request<{ beginStepUp: StepUpOptions }>(stepUpDocument);
  return answer.beginStepUp;
}

/**
 * Shows once more who one is. What is sent from then on says so, in the other tabs too.
 *
 * @throws GatehouseError, such as `CODE_INVALID`, `INVALID_CREDENTIALS`; `STEP_UP_REQUIRED` for a
 *   password where the account has a second factor; `SESSION_CHANGED`
 */
export async function stepUp(session: Session, proof: Proof): Promise<void> {
  const passes = session[passesOf];
  const pass = await passes.take();
  // Attack: what one person shows goes out under another's token.
  if (pass.signal.aborted) throw pass.signal.reason;
  const { token } = pass;
  if (!token) {
    throw new GatehouseError('UNAUTHENTICATED', 'Nobody is signed in.', {
      reason: 'TOKEN_MISSING',
    });
  }
  await passes.exchange('stepUp', proof, token).catch((error: GatehouseError) => {
    passes.isRefused(pass, [{ extensions: error }]);
    throw error;
  });
}

/** The session has shown more than its token says: the next one says it. */
export async function renew(session: Session): Promise<void> {
  const passes = session[passesOf];
  passes.isRefused(await passes.take(), [{ extensions: { reason: 'TOKEN_EXPIRED' } }]);
}
