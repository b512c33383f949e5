/**
 * Registrations whose address was not proved, where that is needed to log in.
 *
 * Attack: registering somebody's address and logging in with the password that one has just chosen.
 * If only a new account answered "prove the address first", the log-in would tell what the
 * registration keeps to itself. So each registration leaves the same trace, whether it made an account
 * or found one, and the log-in's answer follows from that trace alone.
 */
export interface PendingRegistrations {
  /** Leaves a trace. Of an address only the newest few are kept, and none for ever. */
  put(email: string, passwordHash: string, at: Date): Promise<void>;
  /** The password hashes of the traces of a canonical address. */
  hashesOf(email: string, at: Date): Promise<readonly string[]>;
  /** Removes those of an address in any spelling: it is proved, or its account gone. */
  forget(email: string | null): Promise<void>;
}
