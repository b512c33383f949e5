import { createLogger, type Logger } from '../../src/observability/logger.ts';

/** A logger whose lines a test can read. */
export interface TestLog {
  readonly log: Logger;
  readonly lines: readonly string[];
}

export function createTestLog(level = 'debug'): TestLog {
  const lines: string[] = [];
  const destination = {
    write(line: string) {
      lines.push(line);
    },
  };
  return { log: createLogger(level, { destination }), lines };
}
