import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { Transact } from '../core/transact.ts';
import { makeSigningKey } from './make-signing-key.ts';
import { assertOpens } from './sealed-keys.ts';
import type { KeyPurpose, KeyState, SigningAlgorithm, SigningKey } from './signing-key.ts';
import type { SigningKeyStore } from './signing-key-store.ts';

interface KeyStores {
  readonly signingKeys: SigningKeyStore;
  readonly audit: AuditLog;
}

export interface RotateKeysOptions {
  readonly transact: Transact<KeyStores>;
  readonly now: Clock;
  /** The purposes that have keys, and the algorithm of each. */
  readonly purposes: Readonly<Partial<Record<KeyPurpose, SigningAlgorithm>>>;
  readonly encryptionSecrets: readonly string[];
  /** Milliseconds after which an active key makes room; 0 never. */
  readonly interval: number;
  /** Milliseconds that the longest token of any purpose lives. */
  readonly longestToken: number;
}

export interface RotateKeys {
  /**
   * Makes what is missing, replaces what is old or of another algorithm, retires what nothing needs.
   * Processes that do it at once take turns and agree.
   */
  readonly maintain: () => Promise<void>;
  /**
   * Lets the next keys sign now.
   *
   * @returns the ids of the keys that sign from now on; none for a purpose whose next key was
   *   published too recently for every verifier to have it, unless `force`
   */
  readonly rotate: (options: { readonly force: boolean }) => Promise<readonly string[]>;
}

/** Milliseconds for which others may keep our key set, and for which a next key is published at least. */
const publishingTime = 10 * 60_000;

/**
 * The life of keys: `next`, published but silent, so that every verifier has it before it signs;
 * `active`; `retiring`, which verifies for as long as the longest token that it signed, and then
 * `retired`, with its private half erased (ASVS 5.0 11.2, NIST SP 800-57).
 *
 * Both throw a StartError, and change nothing, when the encryption secrets don't open the keys.
 */
export function createRotateKeys(options: RotateKeysOptions): RotateKeys {
  const { transact, now } = options;
  const purposes = Object.entries(options.purposes) as [KeyPurpose, SigningAlgorithm][];

  const advance = (isDue: (keys: PurposeKeys, at: Date) => boolean) =>
    transact(async (stores) => {
      await stores.signingKeys.lock();
      const keys = await stores.signingKeys.list();
      assertOpens(keys, options.encryptionSecrets);
      const promoted: string[] = [];
      for (const [purpose, algorithm] of purposes) {
        const own = keys.filter((key) => key.purpose === purpose);
        promoted.push(...(await advancePurpose(stores, purpose, algorithm, own, isDue)));
      }
      await retireOld(stores, keys);
      return promoted;
    });

  return {
    async maintain() {
      const { interval } = options;
      await advance(({ active, next }, at) => {
        if (!active || !next || interval === 0) return false;
        return isOlder(active.changedAt, interval, at) && isPublished(next, at);
      });
    },
    rotate: ({ force }) => advance(({ next }, at) => !!next && (force || isPublished(next, at))),
  };

  async function advancePurpose(
    stores: KeyStores,
    purpose: KeyPurpose,
    algorithm: SigningAlgorithm,
    keys: readonly SigningKey[],
    isDue: (keys: PurposeKeys, at: Date) => boolean,
  ): Promise<readonly string[]> {
    const at = now();
    const inState = (state: KeyState) => keys.find((key) => key.state === state);
    const change = (key: SigningKey, state: KeyState) =>
      stores.signingKeys.changeState(key.kid, state, at);
    const make = async (state: KeyState) => {
      const made = await makeSigningKey(purpose, algorithm, state, at, options.encryptionSecrets);
      await stores.signingKeys.insert(made);
      return made;
    };

    const active = inState('active');
    let next = inState('next');
    if (next && next.algorithm !== algorithm) {
      await change(next, 'retired');
      next = undefined;
    }
    // Another algorithm was configured: nobody can have been told of its key before.
    const isForeign = active !== undefined && active.algorithm !== algorithm;
    if (active && !isForeign && !isDue({ active, next }, at)) {
      if (!next) await make('next');
      return [];
    }
    if (active) await change(active, 'retiring');
    if (next) await change(next, 'active');
    const promoted = next ?? (await make('active'));
    await make('next');
    await record(stores.audit, purpose, promoted.kid, at);
    return [promoted.kid];
  }

  async function retireOld({ signingKeys }: KeyStores, keys: readonly SigningKey[]): Promise<void> {
    const at = now();
    for (const key of keys) {
      if (key.state === 'retiring' && isOlder(key.changedAt, options.longestToken, at)) {
        await signingKeys.changeState(key.kid, 'retired', at);
      }
    }
  }
}

interface PurposeKeys {
  readonly active: SigningKey | undefined;
  readonly next: SigningKey | undefined;
}

function isPublished(next: SigningKey, at: Date): boolean {
  return isOlder(next.createdAt, publishingTime, at);
}

function isOlder(since: Date, milliseconds: number, at: Date): boolean {
  return at.getTime() - since.getTime() >= milliseconds;
}

function record(audit: AuditLog, purpose: KeyPurpose, kid: string, at: Date): Promise<void> {
  return audit.record({
    type: 'signing_key.activated',
    at,
    userId: null,
    sessionId: null,
    ip: null,
    userAgent: null,
    detail: { purpose, kid },
  });
}
