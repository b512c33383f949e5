import type { FactorStore } from '../../factors/factor-store.ts';
import type { Passkey } from '../../factors/factors.ts';
import type { RunStatement, Statement } from '../statement.ts';
import { createIdentifiers } from './identifiers.ts';

interface TotpRow {
  readonly id: string;
  readonly sealed_secret: string;
  readonly last_step: number;
  readonly created_at: Date;
}

interface PasskeyRow {
  readonly id: string;
  readonly credential_id: string;
  readonly public_key: Buffer;
  readonly counter: string;
  readonly transports: readonly string[];
  readonly aaguid: string;
  readonly is_synced: boolean;
  readonly is_backed_up: boolean;
  readonly rp_id: string;
  readonly user_handle: string;
  readonly name: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly suspended_at: Date | null;
}

const readTotp: Statement = {
  name: 'factor-totp',
  text: 'SELECT id, sealed_secret, last_step, created_at FROM totp_factors WHERE user_id = $1',
};

const readPasskeys: Statement = {
  name: 'factor-passkeys',
  text: 'SELECT * FROM passkeys WHERE user_id = $1 ORDER BY id',
};

const countRecoveryCodes: Statement = {
  name: 'factor-recovery-codes',
  text: 'SELECT count(*)::integer AS count FROM recovery_codes WHERE user_id = $1',
};

const putTotpSetup: Statement = {
  name: 'totp-setup-put',
  text: `INSERT INTO totp_setups (user_id, sealed_secret, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret,
                                             expires_at = excluded.expires_at`,
};

const findTotpSetup: Statement = {
  name: 'totp-setup-find',
  text: 'SELECT sealed_secret, expires_at FROM totp_setups WHERE user_id = $1',
};

const removeTotpSetup: Statement = {
  name: 'totp-setup-remove',
  text: 'DELETE FROM totp_setups WHERE user_id = $1',
};

const putTotp: Statement = {
  name: 'totp-put',
  text: `INSERT INTO totp_factors (user_id, id, sealed_secret, last_step, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, sealed_secret = excluded.sealed_secret,
           last_step = excluded.last_step, created_at = excluded.created_at`,
};

const spendTotpStep: Statement = {
  name: 'totp-spend-step',
  text: `UPDATE totp_factors SET last_step = $2, sealed_secret = coalesce($3, sealed_secret)
         WHERE user_id = $1`,
};

/** Of all people: when a secret of ours is exchanged. */
const listTotpSecrets: Statement = {
  name: 'totp-list-secrets',
  text: 'SELECT user_id, sealed_secret FROM totp_factors',
};

const resealTotp: Statement = {
  name: 'totp-reseal',
  text: 'UPDATE totp_factors SET sealed_secret = $3 WHERE user_id = $1 AND sealed_secret = $2',
};

const removeTotp: Statement = {
  name: 'totp-remove',
  text: `DELETE FROM totp_factors
         WHERE user_id = $1 AND ($2::uuid IS NULL OR id = $2)
           AND ($3::timestamptz IS NULL OR created_at >= $3)
         RETURNING id`,
};

const removePasskeys: Statement = {
  name: 'passkey-remove',
  text: `DELETE FROM passkeys
         WHERE user_id = $1 AND ($2::uuid IS NULL OR id = $2)
           AND ($3::timestamptz IS NULL OR created_at >= $3)
         RETURNING credential_id`,
};

const putHandle: Statement = {
  name: 'passkey-handle-put',
  text: `INSERT INTO passkey_handles (user_id, handle) VALUES ($1, $2)
         ON CONFLICT (user_id) DO NOTHING RETURNING handle`,
};

const findHandle: Statement = {
  name: 'passkey-handle-find',
  text: 'SELECT handle FROM passkey_handles WHERE user_id = $1',
};

const putPasskey: Statement = {
  name: 'passkey-put',
  text: `INSERT INTO passkeys (user_id, id, credential_id, public_key, counter, transports, aaguid,
                               is_synced, is_backed_up, rp_id, user_handle, name, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
};

const usePasskey: Statement = {
  name: 'passkey-use',
  text: `UPDATE passkeys SET counter = $3, is_backed_up = $4, last_used_at = $5
         WHERE user_id = $1 AND id = $2`,
};

const suspendPasskey: Statement = {
  name: 'passkey-suspend',
  text: 'UPDATE passkeys SET suspended_at = $3 WHERE user_id = $1 AND id = $2',
};

const renamePasskey: Statement = {
  name: 'passkey-rename',
  text: 'UPDATE passkeys SET name = $3 WHERE user_id = $1 AND id = $2',
};

const removeRecoveryCodes: Statement = {
  name: 'recovery-codes-remove',
  text: `DELETE FROM recovery_codes
         WHERE user_id = $1 AND ($2::timestamptz IS NULL OR created_at >= $2)`,
};

const putRecoveryCodes: Statement = {
  name: 'recovery-codes-put',
  text: `INSERT INTO recovery_codes (user_id, code_hash, created_at)
         SELECT $1, hash, $3 FROM unnest($2::bytea[]) AS hash`,
};

const spendRecoveryCode: Statement = {
  name: 'recovery-code-spend',
  text: 'DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2 RETURNING user_id',
};

const forgetChallenges: Statement = {
  name: 'challenge-forget',
  text: 'DELETE FROM spent_challenges WHERE user_id = $1 AND expires_at <= $2',
};

const spendChallenge: Statement = {
  name: 'challenge-spend',
  text: `INSERT INTO spent_challenges (user_id, id, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, id) DO NOTHING RETURNING id`,
};

/** @param onReset told of each account that lost factors at once */
export function createFactorStore(run: RunStatement, onReset: () => void): FactorStore {
  const identifiers = createIdentifiers(run);

  const read: FactorStore['read'] = async (userId) => {
    const [totp] = await run<TotpRow>(readTotp, [userId]);
    const passkeys = await run<PasskeyRow>(readPasskeys, [userId]);
    const [codes] = await run<{ count: number }>(countRecoveryCodes, [userId]);
    return {
      totp: totp
        ? {
            id: totp.id,
            sealedSecret: totp.sealed_secret,
            lastStep: totp.last_step,
            createdAt: totp.created_at,
          }
        : null,
      passkeys: passkeys.map(toPasskey),
      recoveryCodes: codes?.count ?? 0,
    };
  };

  /** What is found by a passkey goes with it. */
  const removeFactors = async (userId: string, id: string | null, since: Date | null) => {
    const totps = await run<{ id: string }>(removeTotp, [userId, id, since]);
    const passkeys = await run<Pick<PasskeyRow, 'credential_id'>>(removePasskeys, [
      userId,
      id,
      since,
    ]);
    const { totp, passkeys: left } = await read(userId);
    for (const { credential_id: canonical } of passkeys) {
      await identifiers.release(userId, { kind: 'webauthn-credential', canonical });
    }
    if (!totp && left.length === 0) await run(removeRecoveryCodes, [userId, null]);
    return totps.length + passkeys.length;
  };

  return {
    read,

    async putTotpSetup(userId, { sealedSecret, expiresAt }) {
      await run(putTotpSetup, [userId, sealedSecret, expiresAt]);
    },

    async findTotpSetup(userId) {
      const [row] = await run<{ sealed_secret: string; expires_at: Date }>(findTotpSetup, [userId]);
      return row && { sealedSecret: row.sealed_secret, expiresAt: row.expires_at };
    },

    async putTotp(userId, { id, sealedSecret, lastStep, at }) {
      await run(putTotp, [userId, id, sealedSecret, lastStep, at]);
      await run(removeTotpSetup, [userId]);
    },

    async spendTotpStep(userId, step, sealedSecret) {
      await run(spendTotpStep, [userId, step, sealedSecret ?? null]);
    },

    async listTotpSecrets() {
      const rows = await run<{ user_id: string; sealed_secret: string }>(listTotpSecrets, []);
      return rows.map((row) => ({ userId: row.user_id, sealedSecret: row.sealed_secret }));
    },

    async resealTotp(userId, sealed, anew) {
      await run(resealTotp, [userId, sealed, anew]);
    },

    async replaceRecoveryCodes(userId, hashes, at) {
      await run(removeRecoveryCodes, [userId, null]);
      await run(putRecoveryCodes, [userId, hashes, at]);
    },

    async spendRecoveryCode(userId, hash) {
      return (await run(spendRecoveryCode, [userId, hash])).length > 0;
    },

    async handleOf(userId, fresh) {
      const [put] = await run<{ handle: string }>(putHandle, [userId, fresh]);
      if (put) await identifiers.take(userId, { kind: 'webauthn-handle', canonical: fresh });
      const [row] = put ? [put] : await run<{ handle: string }>(findHandle, [userId]);
      if (!row) throw new Error('a handle that was there is gone');
      return row.handle;
    },

    async ownerOfHandle(canonical) {
      return identifiers.ownerOf({ kind: 'webauthn-handle', canonical });
    },

    async putPasskey(userId, passkey) {
      const { credentialId } = passkey;
      const wanted = { kind: 'webauthn-credential', canonical: credentialId } as const;
      if (!(await identifiers.take(userId, wanted))) return false;
      await run(putPasskey, [
        userId,
        passkey.id,
        credentialId,
        passkey.publicKey,
        passkey.counter,
        passkey.transports,
        passkey.aaguid,
        passkey.isSynced,
        passkey.isBackedUp,
        passkey.rpId,
        passkey.userHandle,
        passkey.name,
        passkey.createdAt,
      ]);
      return true;
    },

    async usePasskey(userId, id, { counter, isBackedUp, at }) {
      await run(usePasskey, [userId, id, counter, isBackedUp, at]);
    },

    async suspendPasskey(userId, id, at) {
      await run(suspendPasskey, [userId, id, at]);
    },

    async renamePasskey(userId, id, name) {
      await run(renamePasskey, [userId, id, name]);
    },

    async remove(userId, id) {
      return (await removeFactors(userId, id, null)) > 0;
    },

    async removeSince(userId, since) {
      await run(removeTotpSetup, [userId]);
      await run(removeRecoveryCodes, [userId, since]);
      const removed = await removeFactors(userId, null, since);
      if (removed > 0) onReset();
      return removed;
    },

    async spend(userId, id, expiresAt, at) {
      await run(forgetChallenges, [userId, at]);
      return (await run(spendChallenge, [userId, id, expiresAt])).length > 0;
    },
  };
}

function toPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: Number(row.counter),
    transports: row.transports,
    aaguid: row.aaguid,
    isSynced: row.is_synced,
    isBackedUp: row.is_backed_up,
    rpId: row.rp_id,
    userHandle: row.user_handle,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    suspendedAt: row.suspended_at,
  };
}
