/** A clock that only moves when a test moves it. */
export interface TestClock {
  readonly now: () => Date;
  readonly advance: (milliseconds: number) => void;
}

export function createTestClock(start = Date.now()): TestClock {
  let time = start;
  return {
    now: () => new Date(time),
    advance(milliseconds) {
      time += milliseconds;
    },
  };
}
