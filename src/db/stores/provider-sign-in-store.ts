import type {
  ProviderSignIn,
  ProviderSignInStore,
} from '../../providers/provider-sign-in-store.ts';
import type { RunStatement, Statement } from '../statement.ts';

interface SignInRow {
  readonly state_hash: Buffer;
  readonly provider: string;
  readonly return_to: string;
  readonly binding_hash: Buffer;
  readonly binding_kind: ProviderSignIn['bindingKind'];
  readonly sealed: string;
  readonly expires_at: Date;
}

const columns = 'state_hash, provider, return_to, binding_hash, binding_kind, sealed, expires_at';

/** Some of what is over goes with each that begins; nobody waits for whoever removes the same. */
const putSignIn: Statement = {
  name: 'provider-sign-in-put',
  text: `WITH over AS (
           SELECT state_hash FROM provider_sign_ins WHERE expires_at <= $8
           LIMIT 20 FOR UPDATE SKIP LOCKED
         ), removed AS (
           DELETE FROM provider_sign_ins WHERE state_hash IN (SELECT state_hash FROM over)
         )
         INSERT INTO provider_sign_ins (${columns}, is_taken)
         VALUES ($1, $2, $3, $4, $5, $6, $7, false)`,
};

const takeSignIn: Statement = {
  name: 'provider-sign-in-take',
  text: `UPDATE provider_sign_ins SET is_taken = true
         WHERE state_hash = $1 AND provider = $2 AND NOT is_taken AND expires_at > $3
         RETURNING ${columns}`,
};

const answerSignIn: Statement = {
  name: 'provider-sign-in-answer',
  text: `UPDATE provider_sign_ins SET code_hash = $2, sealed = $3, expires_at = $4
         WHERE state_hash = $1 AND is_taken AND code_hash IS NULL`,
};

const takeAnswer: Statement = {
  name: 'provider-sign-in-take-answer',
  text: `DELETE FROM provider_sign_ins WHERE code_hash = $1 AND expires_at > $2
         RETURNING ${columns}`,
};

const forgetOutdated: Statement = {
  name: 'provider-sign-in-forget-outdated',
  text: 'DELETE FROM provider_sign_ins WHERE expires_at <= $1',
};

export function createProviderSignInStore(run: RunStatement): ProviderSignInStore {
  return {
    async put({ stateHash, provider, returnTo, bindingHash, bindingKind, ...kept }, at) {
      const binding = [bindingHash, bindingKind];
      const { sealed, expiresAt } = kept;
      await run(putSignIn, [stateHash, provider, returnTo, ...binding, sealed, expiresAt, at]);
    },

    async take(stateHash, provider, at) {
      const [row] = await run<SignInRow>(takeSignIn, [stateHash, provider, at]);
      return row && toSignIn(row);
    },

    async answer(stateHash, { codeHash, sealed, expiresAt }) {
      await run(answerSignIn, [stateHash, codeHash, sealed, expiresAt]);
    },

    async takeAnswer(codeHash, at) {
      const [row] = await run<SignInRow>(takeAnswer, [codeHash, at]);
      return row && toSignIn(row);
    },

    async forgetOutdated(at) {
      await run(forgetOutdated, [at]);
    },
  };
}

function toSignIn(row: SignInRow): ProviderSignIn {
  return {
    stateHash: row.state_hash,
    provider: row.provider,
    returnTo: row.return_to,
    bindingHash: row.binding_hash,
    bindingKind: row.binding_kind,
    sealed: row.sealed,
    expiresAt: row.expires_at,
  };
}
