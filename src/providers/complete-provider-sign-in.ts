import type { OpenIdentity } from './open-identity.ts';
import type { OpeningByIdentity } from './opening.ts';
import type { GivenAnswer, TakeAnswer } from './take-answer.ts';

/**
 * Signs somebody in with what their provider has shown of them, and makes an account where there is none.
 *
 * @throws StateInvalid, ProviderRefused, ProviderUnavailable and what OpenIdentity throws
 */
export type CompleteProviderSignIn<Opened> = (
  command: GivenAnswer & OpeningByIdentity,
) => Promise<Opened>;

export function createCompleteProviderSignIn<Opened>(
  takeAnswer: TakeAnswer,
  openIdentity: OpenIdentity<Opened>,
): CompleteProviderSignIn<Opened> {
  return async (command) => {
    const { provider, identity } = await takeAnswer(command, null);
    return openIdentity(provider, identity, command);
  };
}
