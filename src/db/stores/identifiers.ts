import type { AccountIdentifier } from '../../accounts/account-store.ts';
import { EmailTaken, UsernameTaken } from '../../accounts/errors.ts';
import type { RunStatement, Statement } from '../statement.ts';

const findOwner: Statement = {
  name: 'identifier-owner',
  text: `SELECT user_id FROM identifiers
         WHERE kind = $1 AND value = $2 AND reserved_until IS NULL`,
};

/** Whoever comes second waits for the first to commit, and then does nothing. */
const claim: Statement = {
  name: 'identifier-claim',
  text: `INSERT INTO identifiers AS i (kind, value, user_id) VALUES ($1, $2, $3)
         ON CONFLICT (kind, value) DO UPDATE SET user_id = excluded.user_id, reserved_until = NULL
           WHERE i.user_id = excluded.user_id OR i.reserved_until <= $4
         RETURNING kind`,
};

const take: Statement = {
  name: 'identifier-take',
  text: `INSERT INTO identifiers (kind, value, user_id) VALUES ($1, $2, $3)
         ON CONFLICT (kind, value) DO NOTHING RETURNING kind`,
};

const release: Statement = {
  name: 'identifier-release',
  text: 'DELETE FROM identifiers WHERE kind = $1 AND value = $2 AND user_id = $3',
};

const releaseAll: Statement = {
  name: 'identifier-release-all',
  text: 'DELETE FROM identifiers WHERE user_id = $1',
};

const reserve: Statement = {
  name: 'identifier-reserve',
  text: `INSERT INTO identifiers AS i (kind, value, user_id, reserved_until)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (kind, value) DO UPDATE SET reserved_until = excluded.reserved_until
           WHERE i.user_id = excluded.user_id AND i.reserved_until IS NOT NULL`,
};

const findReserver: Statement = {
  name: 'identifier-reserver',
  text: 'SELECT user_id FROM identifiers WHERE kind = $1 AND value = $2 AND reserved_until > $3',
};

const releaseReserved: Statement = {
  name: 'identifier-release-reserved',
  text: `DELETE FROM identifiers
         WHERE kind = $1 AND value = ANY($2) AND user_id = $3 AND reserved_until IS NOT NULL`,
};

const releaseOutdated: Statement = {
  name: 'identifier-release-outdated',
  text: 'DELETE FROM identifiers WHERE reserved_until <= $1',
};

/** Whatever an account is found by, in canonical form. */
export type Identifier =
  | AccountIdentifier
  | {
      readonly kind: 'webauthn-handle' | 'webauthn-credential' | 'identity';
      readonly canonical: string;
    };

/** The table of identifiers, on which the stores of accounts stand. */
export interface Identifiers {
  /** The account that is found by it now. */
  readonly ownerOf: (identifier: Identifier) => Promise<string | undefined>;
  /**
   * Makes an identifier an account's own. @throws EmailTaken or UsernameTaken where it is somebody
   * else's, or reserved for somebody else
   */
  readonly claim: (userId: string, wanted: AccountIdentifier, at: Date) => Promise<void>;
  /** Makes one an account's own, as long as nobody has it. @returns whether it is now, and was not before */
  readonly take: (userId: string, wanted: Identifier) => Promise<boolean>;
  readonly release: (userId: string, identifier: Identifier) => Promise<void>;
  readonly releaseAll: (userId: string) => Promise<void>;
  /** Keeps one that the account has left. */
  readonly reserve: (userId: string, left: AccountIdentifier, until: Date) => Promise<void>;
  readonly reserverOf: (left: AccountIdentifier, at: Date) => Promise<string | undefined>;
  readonly releaseReservedEmails: (userId: string, left: readonly string[]) => Promise<void>;
  readonly releaseOutdated: (at: Date) => Promise<void>;
}

interface OwnerRow {
  readonly user_id: string;
}

export function createIdentifiers(run: RunStatement): Identifiers {
  return {
    async ownerOf({ kind, canonical }) {
      return (await run<OwnerRow>(findOwner, [kind, canonical]))[0]?.user_id;
    },

    async claim(userId, { kind, canonical }, at) {
      const claimed = await run(claim, [kind, canonical, userId, at]);
      if (claimed.length > 0) return;
      throw kind === 'email' ? new EmailTaken() : new UsernameTaken();
    },

    async take(userId, { kind, canonical }) {
      return (await run(take, [kind, canonical, userId])).length > 0;
    },

    async release(userId, { kind, canonical }) {
      await run(release, [kind, canonical, userId]);
    },

    async releaseAll(userId) {
      await run(releaseAll, [userId]);
    },

    async reserve(userId, { kind, canonical }, until) {
      await run(reserve, [kind, canonical, userId, until]);
    },

    async reserverOf({ kind, canonical }, at) {
      return (await run<OwnerRow>(findReserver, [kind, canonical, at]))[0]?.user_id;
    },

    async releaseReservedEmails(userId, left) {
      await run(releaseReserved, ['email', left, userId]);
    },

    async releaseOutdated(at) {
      await run(releaseOutdated, [at]);
    },
  };
}
