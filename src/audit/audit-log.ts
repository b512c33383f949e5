/** Security events that are kept. Past tense, dotted, stable: operators alert on them. */
export type AuditEventType =
  | 'account.registered'
  | 'session.opened'
  | 'session.new_device'
  | 'session.revoked'
  | 'session.reuse_detected'
  | 'session.response_lost'
  | 'session.limit_reached'
  | 'refresh_token.refused'
  | 'signing_key.activated'
  | 'login.failed'
  | 'login.throttled';

export interface AuditEvent {
  readonly type: AuditEventType;
  readonly at: Date;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Small facts that an operator needs. Never a token, a password or a value that a stranger sent. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditLog {
  /** Appends an event in the transaction of what it tells. Nothing ever changes or removes one. */
  record(event: AuditEvent): Promise<void>;
  /** The account for which a session was opened, however long ago; undefined when none ever was. */
  openerOf(sessionId: string): Promise<string | undefined>;
}
