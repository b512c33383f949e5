import { WebSocket } from 'ws';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';

/** Why a connection was closed, in a word: of ours, of the protocol's, or the client's own affair. */
export type Closing =
  | 'TOKEN_EXPIRED'
  | 'TOKEN_MALFORMED'
  | 'TOKEN_INVALID'
  | 'TOKEN_UNCLEAR'
  | 'SESSION_REVOKED'
  | 'ENROLMENT_REQUIRED'
  | 'ANOTHER_ACCOUNT'
  | 'TOO_MANY'
  | 'SERVICE_UNAVAILABLE'
  | 'STOPPED'
  | 'PROTOCOL'
  | 'CLIENT';

/** Those with which graphql-ws ends a connection; what else comes to `close` echoes the client's. */
const ofProtocol: ReadonlySet<number | undefined> = new Set([
  4400, 4401, 4403, 4406, 4408, 4409, 4429, 4500,
]);

/** A WebSocket that remembers which side closed it, and why. */
export class ObservedSocket extends WebSocket {
  private why: Closing | undefined;

  /** Closes it for a reason of ours. */
  closeFor(why: Closing, code: number, text: string): void {
    this.why ??= why;
    super.close(code, text);
  }

  override close(code?: number, text?: string | Buffer): void {
    if (ofProtocol.has(code)) this.why ??= 'PROTOCOL';
    super.close(code, text);
  }

  get closing(): Closing {
    return this.why ?? 'CLIENT';
  }
}

/**
 * Counts a connection and says in the log why it ended. Never with the text of the close frame, which
 * may be the client's.
 */
export function observeSocket(
  socket: ObservedSocket,
  { log, metrics }: { readonly log: Logger; readonly metrics: Metrics | undefined },
): void {
  const start = performance.now();
  metrics?.socketOpened();
  socket.once('close', (code) => {
    const reason = socket.closing;
    metrics?.socketClosed(reason);
    const ms = Math.round(performance.now() - start);
    log.info({ code: String(code), reason, ms }, 'socket.closed');
  });
}
