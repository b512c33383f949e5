/** A graph that is older than what it is made from, or lacks subgraphs that have not come up yet. */
export type GraphState = 'ok' | 'stale' | 'incomplete';

/** Whether a process should be sent requests, and what speaks against it. */
export interface ReadinessReport {
  readonly status: 'ready' | 'unready' | 'stopping';
  readonly checks: Readonly<Record<string, 'failing' | GraphState>>;
}

export interface Readiness {
  /** Asks every check. It can't fail. */
  readonly report: () => Promise<ReadinessReport>;
  /** From now on the answer is `stopping`. */
  readonly stopping: () => void;
}

export interface ReadinessOptions {
  /** What a process can't do without, by name. A check that throws, or takes too long, fails. */
  readonly checks: Readonly<Record<string, () => boolean | Promise<boolean>>>;
  /**
   * What is not as it should be, by name. It is told and keeps no requests away: were it a reason to, one
   * bad deployment would take every process out at once.
   */
  readonly notices?: Readonly<Record<string, () => GraphState>>;
  /** Calls back after so many milliseconds. */
  readonly after: (milliseconds: number, work: () => void) => void;
}

/** Milliseconds. */
const patience = 2_000;

/**
 * Attack: a stranger who asks without pause, so that the checks fill the database's connections.
 * Whoever asks while an answer is being found gets the same one.
 */
export function createReadiness({ checks, notices = {}, after }: ReadinessOptions): Readiness {
  let isStopping = false;
  let running: Promise<ReadinessReport> | undefined;

  const report = async (): Promise<ReadinessReport> => {
    const late = new Promise<boolean>((resolve) => after(patience, () => resolve(false)));
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, ask]) => {
        const isOk = await Promise.race([Promise.resolve().then(ask), late]).catch(() => false);
        return [name, isOk ? 'ok' : 'failing'] as const;
      }),
    );
    const isReady = results.every(([, result]) => result === 'ok');
    const noticed = Object.entries(notices).map(([name, look]) => [name, look()] as const);
    return {
      status: isReady ? 'ready' : 'unready',
      checks: Object.fromEntries([...results, ...noticed]),
    };
  };

  return {
    async report() {
      if (isStopping) return { status: 'stopping', checks: {} };
      running ??= report().finally(() => {
        running = undefined;
      });
      return running;
    },
    stopping() {
      isStopping = true;
    },
  };
}
