import { isId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { type Caller, lockCaller } from '../tokens/lock-caller.ts';
import { AuthenticatorNotFound } from './errors.ts';
import type { FactorStores } from './factor-change.ts';
import type { Passkey } from './factors.ts';
import { passkeyName } from './passkey-name.ts';

/** Calls a passkey otherwise. @throws BadUserInput, AuthenticatorNotFound, AccessRefused, ServiceUnavailable */
export type RenamePasskey = (
  command: Caller & {
    readonly id: string;
    readonly name: string;
  },
) => Promise<Passkey>;

export function createRenamePasskey(options: {
  readonly transact: Transact<Pick<FactorStores, 'accounts' | 'factors'>>;
}): RenamePasskey {
  return async (command) => {
    const { userId, id, name: given } = command;
    const name = passkeyName(given);
    if (!isId(id)) throw new AuthenticatorNotFound();
    return options.transact(async (stores) => {
      await lockCaller(stores.accounts, command);
      const { passkeys } = await stores.factors.read(userId);
      const passkey = passkeys.find((each) => each.id === id);
      if (!passkey) throw new AuthenticatorNotFound();
      await stores.factors.renamePasskey(userId, id, name);
      return { ...passkey, name };
    });
  };
}
