import type { AuditEvent } from './audit-log.ts';

/** An event as it was kept. */
export interface RecordedEvent extends AuditEvent {
  readonly id: string;
  readonly actorId: string | null;
}

/** Absent and null criteria let everything through; the others hold together. */
export interface AuditFilter {
  readonly types?: readonly string[] | null;
  readonly userId?: string | null;
  readonly actorId?: string | null;
  readonly sessionId?: string | null;
  readonly from?: Date | null;
  readonly until?: Date | null;
}

export interface AuditTrail {
  /** At most `first` events before a place in time, the newest first. */
  list(query: {
    readonly filter: AuditFilter;
    readonly first: number;
    readonly after: { readonly at: Date; readonly id: string } | null;
  }): Promise<readonly RecordedEvent[]>;
}
