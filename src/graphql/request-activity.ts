import type { TraceContext } from '../core/trace-context.ts';
import type { AnswerCode } from './error-extensions.type.ts';

/** What is learnt about one request on its way, for the log, the metrics and the traces. */
export interface RequestActivity {
  /** Of our own making. */
  readonly requestId: string;
  trace: TraceContext | undefined;
  /** Which operation it asks for, from a bounded list: never a name that the client chose. */
  operation: string | undefined;
  /** Answered without Apollo Server. */
  wasKnown: boolean;
  /** Why it was refused or failed. */
  code: AnswerCode | undefined;
  reason: string | undefined;
  /** For the log only, as a domain error has it. */
  detail: string | undefined;
}
