import type { RoleStore } from '../access/role-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../core/clock.ts';
import type { NewId } from '../core/random.ts';
import type { Transact } from '../core/transact.ts';
import { actOf, onCommandLine } from './administrator.ts';
import { type ImportedUser, type LineDefaults, readUserLine } from './transferred-user.ts';
import type { ImportOutcome, UserTransferStore } from './user-transfer-store.ts';

interface ImportStores {
  readonly userTransfers: UserTransferStore;
  readonly audit: AuditLog;
}

export interface ImportUsersOptions {
  readonly now: Clock;
  readonly newId: NewId;
  readonly roles: Pick<RoleStore, 'list'>;
  readonly transact: Transact<ImportStores>;
  /** Told of each line that was refused: its number, from 1 on, and why, without values. */
  readonly onRefused: (line: number, problem: string) => void;
  /** Told after each batch. */
  readonly onProgress: (totals: ImportTotals) => void;
}

export interface ImportTotals {
  readonly lines: number;
  readonly imported: number;
  /** Accounts that an earlier run, or somebody else, had written with the same address. */
  readonly present: number;
  readonly refused: number;
}

/**
 * Imports accounts, one JSON object a line, with ids and password hashes kept. Batches are written
 * whole; after an interruption the same file is simply imported again, and what is there is counted
 * as present. Memory stays that of a few batches, however long the file is.
 */
export type ImportUsers = (lines: AsyncIterable<string>) => Promise<ImportTotals>;

const batchSize = 1_000;

interface Entry {
  readonly line: number;
  readonly user: ImportedUser;
}

const problems: Readonly<Record<Exclude<ImportOutcome, 'imported' | 'present'>, string>> = {
  id_taken: 'id belongs to an account with another address',
  email_taken: 'email belongs to an account with another id',
  username_taken: 'username belongs to another account',
};

export function createImportUsers(options: ImportUsersOptions): ImportUsers {
  const { now, newId, transact, onRefused, onProgress } = options;

  return async (lines) => {
    const roles = await options.roles.list();
    const known = new Set(roles.map(({ name }) => name));
    const standard = roles.filter(({ isDefault }) => isDefault).map(({ name }) => name);
    const totals = { lines: 0, imported: 0, present: 0, refused: 0 };
    const refuse = (line: number, problem: string) => {
      totals.refused += 1;
      onRefused(line, problem);
    };

    let batch: Entry[] = [];
    const flush = async () => {
      for (const [entry, outcome] of await write(withoutDoubles(batch, refuse))) {
        if (outcome === 'imported' || outcome === 'present') totals[outcome] += 1;
        else refuse(entry.line, problems[outcome]);
      }
      batch = [];
      onProgress({ ...totals });
    };
    for await (const text of lines) {
      totals.lines += 1;
      if (text.trim() === '') continue;
      const defaults: LineDefaults = { id: newId(), createdAt: now(), roles: standard, known };
      const reading = readUserLine(text, defaults);
      if (reading.kind === 'refused') refuse(totals.lines, reading.problem);
      else batch.push({ line: totals.lines, user: reading.user });
      if (batch.length >= batchSize) await flush();
    }
    await flush();
    await transact(({ userTransfers }) => userTransfers.takeStock());
    return { ...totals };
  };

  function write(entries: readonly Entry[]): Promise<readonly (readonly [Entry, ImportOutcome])[]> {
    if (entries.length === 0) return Promise.resolve([]);
    return transact(async ({ userTransfers, audit }) => {
      const outcomes = await userTransfers.insertAll(entries.map(({ user }) => user));
      const count = outcomes.filter((outcome) => outcome === 'imported').length;
      if (count > 0) {
        const act = actOf(onCommandLine(null), now());
        const detail = { ...act.detail, count };
        await audit.record({
          ...act,
          type: 'accounts.imported',
          userId: null,
          sessionId: null,
          detail,
        });
      }
      return entries.map((entry, index) => [entry, outcomes[index] ?? 'present'] as const);
    });
  }
}

/** A batch is one statement, which does not see its own rows: doubles are found here. */
function withoutDoubles(
  entries: readonly Entry[],
  refuse: (line: number, problem: string) => void,
): readonly Entry[] {
  const seen = new Map<string, number>();
  return entries.filter(({ line, user }) => {
    const keys = [user.id, user.emailCanonical, user.usernameCanonical].filter(
      (key) => key !== null,
    );
    const before = keys.map((key) => seen.get(key)).find((found) => found !== undefined);
    if (before !== undefined) {
      refuse(line, `id, email or username stands in line ${before} already`);
      return false;
    }
    for (const key of keys) seen.set(key, line);
    return true;
  });
}
