import { StartError } from '../core/start-error.ts';

/** The configuration can't be used. `problems` has one line a problem, all of them at once. */
export class ConfigError extends StartError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration has problems:', ...problems.map((line) => `  - ${line}`)].join('\n'));
    this.problems = problems;
  }
}
