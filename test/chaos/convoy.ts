/** Travellers who may go together as long as they carry the same, and otherwise one group after the other. */
export interface Convoy {
  /** Resolves when nobody is under way, or everybody under way carries the same as the caller. */
  readonly join: (carried: () => string | undefined) => Promise<void>;
  readonly leave: () => void;
}

export function createConvoy(): Convoy {
  let travellers = 0;
  let load: string | undefined;
  let waiting: (() => void)[] = [];

  return {
    async join(carried) {
      while (travellers > 0 && carried() !== load) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      load = carried();
      travellers += 1;
    },
    leave() {
      travellers -= 1;
      if (travellers > 0) return;
      for (const resume of waiting) resume();
      waiting = [];
    },
  };
}
