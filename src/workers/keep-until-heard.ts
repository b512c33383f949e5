/** What is told to somebody who may not listen yet. */
export interface KeptMessages<Message> {
  readonly tell: (message: Message) => void;
  /** The other side listens: it is sent what was kept, and everything else at once. */
  readonly heard: () => void;
}

/**
 * Keeps messages to a worker until it says that it listens. Node keeps those to a process without a
 * listener, but has one of its own in each worker from the first moment on: a message that comes while
 * the worker still loads its code is lost there, and a stop would wait for it in vain.
 */
export function keepUntilHeard<Message>(send: (message: Message) => void): KeptMessages<Message> {
  let kept: Message[] | undefined = [];
  return {
    tell(message) {
      if (kept) kept.push(message);
      else send(message);
    },
    heard() {
      const before = kept ?? [];
      kept = undefined;
      for (const message of before) send(message);
    },
  };
}
