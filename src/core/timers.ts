/** Work for later that a stop can call off. None of it keeps the process alive. */
export interface Timers {
  /** Runs `work` once, `milliseconds` from now. */
  readonly after: (milliseconds: number, work: () => void) => void;
  /** Runs `work` every `milliseconds`. */
  readonly every: (milliseconds: number, work: () => void) => void;
  /** Calls off everything, and whatever is asked for later. */
  readonly stop: () => void;
}

export function createTimers(): Timers {
  const handles = new Set<NodeJS.Timeout>();
  let stopped = false;

  return {
    after(milliseconds, work) {
      if (stopped) return;
      const handle = setTimeout(() => {
        handles.delete(handle);
        work();
      }, milliseconds).unref();
      handles.add(handle);
    },
    every(milliseconds, work) {
      if (!stopped) handles.add(setInterval(work, milliseconds).unref());
    },
    stop() {
      stopped = true;
      for (const handle of handles) clearTimeout(handle);
    },
  };
}
