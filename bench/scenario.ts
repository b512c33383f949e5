import type { BenchDatabase } from './bench-database.ts';
import type { Load } from './load.ts';
import type { Outcome } from './report.ts';

/** What every scenario is given. */
export interface Bench {
  readonly load: Load;
  /** Milliseconds that one measurement takes, and how often it is repeated. */
  readonly milliseconds: number;
  readonly rounds: number;
  /** Only what the ratios that CI looks at are made of. */
  readonly short: boolean;
  /** How many sessions are very many. */
  readonly sessions: number;
  /** Makes a database that is dropped at the end. */
  readonly makeDatabase: () => Promise<BenchDatabase>;
  /** Tells how far it is. */
  readonly tell: (line: string) => void;
}

export interface Scenario {
  /** As `--only` names it. */
  readonly name: string;
  readonly needs: 'node' | 'postgres';
  /** Runs only where `--only` names it: it takes long. */
  readonly onlyNamed?: true;
  /** Whether it is a part of the short run in CI. */
  readonly inShort: boolean;
  readonly run: (bench: Bench) => Promise<Outcome>;
}
