import type { AuditEvent, AuditLog } from './audit-log.ts';

/** Security events of requests that were refused before they cost anything. */
export interface RefusalLog {
  /** Keeps an event for the next write. Costs no query now. */
  readonly note: (event: AuditEvent) => void;
  /** Writes what was kept. Failing is told to `onError`; the events are lost. */
  readonly flush: () => Promise<void>;
}

export interface RefusalLogOptions {
  readonly audit: AuditLog;
  /** Asks for a flush soon. */
  readonly schedule: (flush: () => void) => void;
  readonly onError: (error: unknown) => void;
}

const capacity = 50;

/**
 * Attack: garbage sent to fill the audit trail, or to make each refusal cost a write. Between two
 * flushes at most a bounded number of events is kept; how many more there were is added to the last.
 */
export function createRefusalLog({ audit, schedule, onError }: RefusalLogOptions): RefusalLog {
  let kept: AuditEvent[] = [];
  let dropped = 0;
  let scheduled = false;

  const flush = async () => {
    scheduled = false;
    const events = kept;
    const more = dropped;
    kept = [];
    dropped = 0;
    try {
      for (const [index, event] of events.entries()) {
        const isLast = more > 0 && index === events.length - 1;
        await audit.record(isLast ? { ...event, detail: { ...event.detail, more } } : event);
      }
    } catch (error) {
      onError(error);
    }
  };

  return {
    note(event) {
      if (kept.length >= capacity) dropped += 1;
      else kept.push(event);
      if (scheduled) return;
      scheduled = true;
      schedule(() => void flush());
    },
    flush,
  };
}
