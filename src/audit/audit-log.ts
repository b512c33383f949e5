import type { AuditEventType } from './audit-events.ts';

export interface AuditEvent {
  readonly type: AuditEventType;
  readonly at: Date;
  /** The account that it happened to. */
  readonly userId: string | null;
  /** The administrator who did it; absent when it was the account's own holder, or nobody known. */
  readonly actorId?: string | null;
  readonly sessionId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Small facts that an operator needs. Never a token, a password or a value that a stranger sent. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditLog {
  /**
   * Appends an event in the transaction of what it tells. Nothing ever removes one, or changes it, but
   * that a week after an account was deleted its events no longer tell from where they came.
   */
  record(event: AuditEvent): Promise<void>;
  /** The account for which a session was opened, however long ago; undefined when none ever was. */
  openerOf(sessionId: string): Promise<string | undefined>;
}
