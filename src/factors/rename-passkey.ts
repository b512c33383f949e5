import { isId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { AuthenticatorNotFound } from './errors.ts';
import { type FactorStores, lockOwn } from './factor-change.ts';
import type { Passkey } from './factors.ts';
import { passkeyName } from './passkey-name.ts';

/** Calls a passkey otherwise. @throws BadUserInput, AuthenticatorNotFound, AccessRefused, ServiceUnavailable */
export type RenamePasskey = (command: {
  readonly userId: string;
  readonly id: string;
  readonly name: string;
}) => Promise<Passkey>;

export function createRenamePasskey(options: {
  readonly transact: Transact<Pick<FactorStores, 'accounts' | 'factors'>>;
}): RenamePasskey {
  return async ({ userId, id, name: given }) => {
    const name = passkeyName(given);
    if (!isId(id)) throw new AuthenticatorNotFound();
    return options.transact(async (stores) => {
      await lockOwn(stores, userId);
      const { passkeys } = await stores.factors.read(userId);
      const passkey = passkeys.find((each) => each.id === id);
      if (!passkey) throw new AuthenticatorNotFound();
      await stores.factors.renamePasskey(userId, id, name);
      return { ...passkey, name };
    });
  };
}
