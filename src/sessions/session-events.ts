import { EventEmitter, on } from 'node:events';
import type { AuditEventType } from '../audit/audit-events.ts';
import type { AuditEvent } from '../audit/audit-log.ts';

export const sessionEventKinds = [
  'REVOKED',
  'NEW_DEVICE',
  'REUSE_DETECTED',
  'ROLES_CHANGED',
] as const;
export type SessionEventKind = (typeof sessionEventKinds)[number];

/** Something that a person's devices are told at once. */
export interface SessionEvent {
  readonly kind: SessionEventKind;
  readonly userId: string;
  /** The session that it happened to; null when it is about the account. */
  readonly sessionId: string | null;
  readonly at: Date;
}

export interface SessionEvents {
  readonly publish: (event: SessionEvent) => void;
  /** What happens to an account from now on, until it is returned. */
  readonly of: (userId: string) => AsyncIterableIterator<SessionEvent>;
}

/** Tells, inside this process, whoever listens. */
export function createSessionEvents(): SessionEvents {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    publish: (event) => void emitter.emit(event.userId, event),
    of(userId) {
      const source = on(emitter, userId);
      return {
        [Symbol.asyncIterator]() {
          return this;
        },
        async next() {
          const { done, value } = await source.next();
          return done ? { done, value: undefined } : { done: false, value: value[0] };
        },
        async return() {
          await source.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

const told: Readonly<Partial<Record<AuditEventType, SessionEventKind>>> = {
  'session.new_device': 'NEW_DEVICE',
  'session.reuse_detected': 'REUSE_DETECTED',
  'guest.upgraded': 'ROLES_CHANGED',
  'role.granted': 'ROLES_CHANGED',
  'role.taken': 'ROLES_CHANGED',
};

/** What of the audit trail an account's devices are told; revocations come with their own feed. */
export function toSessionEvent({ type, userId, sessionId, at }: AuditEvent): SessionEvent | null {
  const kind = told[type];
  return kind && userId !== null ? { kind, userId, sessionId, at } : null;
}
