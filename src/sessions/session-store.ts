import type { Grants } from '../access/grants.ts';
import type { Account } from '../accounts/account.ts';
import type { Proof } from '../core/assurance.ts';
import type { NotableSession } from './notable-session.ts';
import type { RevocationReason, Session, SessionKey, StoredRefreshToken } from './session.ts';

/** A session with its account as they are now, whatever the presented token says. */
export interface SessionHolder {
  readonly session: Session;
  readonly account: Account;
  readonly grants: Grants;
}

export interface CurrentSession extends SessionHolder {
  /** The end of the current refresh token. Unused until then, the session is over. */
  readonly refreshTokenExpiresAt: Date;
}

/** Everything that the judgement of a presented token needs. */
export interface RefreshFacts extends CurrentSession {
  /** The presented generation's row; undefined when it was pruned or never existed. */
  readonly presented: StoredRefreshToken | undefined;
  /** The hash of the current token. */
  readonly refreshTokenHash: Buffer;
}

export interface Rotation extends SessionKey {
  readonly generation: number;
  readonly hash: Buffer;
  readonly at: Date;
  readonly successorSalt: Buffer;
  readonly successorHash: Buffer;
  readonly successorExpiresAt: Date;
}

/** A generation of a session that a client was seen to hold. */
export interface SeenGeneration extends SessionKey {
  readonly generation: number;
}

/** A session that is opened for the holder of a password, where nothing about it is unusual. */
export interface PlainOpening {
  /** The hash that was compared. */
  readonly passwordHash: string;
  readonly session: Session;
  readonly token: StoredRefreshToken;
  /** Of the event in the trail that tells of it. */
  readonly eventId: string;
  /** The live sessions that an account may have, this one among them. */
  readonly most: number;
  /** Whether the device has signed in to the account before. */
  readonly isKnownDevice: boolean;
}

export interface PruneStep {
  readonly deleted: number;
  readonly next: string | undefined;
}

export interface SessionStore {
  /** Writes a new session with its first refresh token. */
  insert(session: Session, token: StoredRefreshToken): Promise<void>;
  /**
   * Locks the account, reads everything as it is then, and writes the session, its token and its event,
   * in one round trip: where the account is enabled and no guest, its hash still the one that was
   * compared, there is no second factor, room for one more session, and another session of the same
   * user agent, or none at all, or the device is known.
   *
   * @returns the account and what it may; undefined when nothing was done, for something is unusual, or may be
   */
  openPlain(
    opening: PlainOpening,
  ): Promise<{ readonly account: Account; readonly grants: Grants } | undefined>;
  /**
   * Spends the presented token and writes its successor, in one round trip, when the presented token
   * is current, unspent and in time, its session alive and its account enabled. Of many at once one
   * wins. The successor ends at `successorExpiresAt` or with the session, whichever is first. Unless
   * the session is locked, a change of it at the same moment may leave nothing done, too.
   *
   * @returns the session after it; undefined when nothing was done
   */
  rotate(rotation: Rotation): Promise<CurrentSession | undefined>;
  /** Locks the session for the rest of the transaction and reads what a refresh is judged by. */
  lock(key: SessionKey, generation: number): Promise<RefreshFacts | undefined>;
  /** Reads the same, and locks nothing: what it says may be over when it is heard. */
  find(key: SessionKey, generation: number): Promise<RefreshFacts | undefined>;
  /** Whose session it is, by its id alone: tokens of the first version carry no more. */
  ownerOf(sessionId: string): Promise<string | undefined>;
  /**
   * Replaces the unseen successor of `generation` by a new one. The session must be locked.
   *
   * @returns the session after it, and the new successor's end
   */
  replaceSuccessor(
    rotation: Omit<Rotation, 'hash'> & { readonly successorGeneration: number },
  ): Promise<{ readonly session: Session; readonly refreshTokenExpiresAt: Date }>;
  /** Notes what the person of a live session has shown now. @returns false where the session is over */
  stepUp(key: SessionKey, proof: Proof, at: Date): Promise<boolean>;
  /** Ends a session. @returns false when it was over already or never existed */
  revoke(key: SessionKey, reason: RevocationReason, at: Date): Promise<boolean>;
  /** Ends the oldest live sessions of an account beyond the `keep` newest. @returns their ids */
  revokeOldest(userId: string, keep: number, at: Date): Promise<readonly string[]>;
  /**
   * Ends the live sessions of an account, but for one that may be kept. It locks the account first:
   * a log-in at the same moment sees what this transaction did, or its session ends with the others.
   *
   * @returns their ids
   */
  revokeAll(
    userId: string,
    except: string | null,
    reason: RevocationReason,
    at: Date,
  ): Promise<readonly string[]>;
  /** Makes the access tokens that an account holds now expire: its roles changed. Locks as above. */
  outdateAll(userId: string, at: Date): Promise<void>;
  /** Notes that these generations have arrived. */
  acknowledge(seen: readonly SeenGeneration[]): Promise<void>;
  /** The standing of these sessions' access tokens; those that are gone are left out. */
  findNotable(keys: readonly SessionKey[]): Promise<readonly NotableSession[]>;
  /** Every session to which something notable happened since then. */
  listNotable(since: Date): Promise<readonly NotableSession[]>;
  /** An account's live sessions, the newest first, from the one after `after` on. */
  list(
    userId: string,
    page: { readonly first: number; readonly after: string | null },
    at: Date,
  ): Promise<readonly Session[]>;
  /** The user agents of an account's other sessions, live or not. */
  listUserAgents(userId: string, except: string): Promise<readonly (string | null)[]>;
  /**
   * Goes on with a walk through all sessions: looks at the next `limit` of them and deletes those that
   * were over before then.
   *
   * @param after where the last step ended; undefined at the beginning
   * @returns how many were deleted, and where to go on; undefined at the end
   */
  deleteOver(before: Date, after: string | undefined, limit: number): Promise<PruneStep>;
}
