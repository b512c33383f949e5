import type { Account } from './account.ts';
import { EmailNotVerified } from './errors.ts';

/** Asks for a proof of the address, where one is needed. @throws EmailNotVerified */
export type AssertProved = (account: Pick<Account, 'emailVerifiedAt'>) => void;

/**
 * Attack: an account made with somebody else's address, that is dressed up as that person, or hands
 * out what was kept before they took the address over. What needs a proof asks for it here. Changing
 * the address, the password, and leaving never do: they are what helps who mistyped an address.
 *
 * @param isNeeded whether REQUIRE_VERIFIED_EMAIL says so
 */
export function createAssertProved(isNeeded: boolean): AssertProved {
  return ({ emailVerifiedAt }) => {
    if (isNeeded && emailVerifiedAt === null) throw new EmailNotVerified();
  };
}
