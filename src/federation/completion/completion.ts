import { GraphQLError } from 'graphql';
import { NothingThere, UnfitAnswer } from '../errors.ts';

export type Path = readonly (string | number)[];

/** Why fields of an object are not there. */
export interface Gap {
  /** Names of ours, or undefined: all that are missing. */
  readonly keys: ReadonlySet<string> | undefined;
  /** `told` where an error of the answer says why; undefined where null is right. */
  readonly error: Error | 'told' | undefined;
}

/** Gaps, by the object that they are in. */
export type Gaps = ReadonlyMap<object, readonly Gap[]>;

/** A field below one non-null that is null: its parent has to be null. */
export const forbidden: unique symbol = Symbol('forbidden null');

/** How many errors one answer has at most. An outage would else name every field of every entry. */
const mostErrors = 100;

/**
 * The completion of one answer: where it stands, what is missing, and what was said of it.
 *
 * The errors that came with the answer are known from the beginning: a null that one of them explains
 * is not told of again.
 */
export class Completion {
  readonly path: (string | number)[] = [];
  readonly errors: GraphQLError[];
  readonly hasGaps: boolean;
  readonly #gaps: Gaps;
  /** What explains that something is missing here, because it explains it for what it is part of. */
  #inherited: Gap | undefined;
  #explained: Set<string> | undefined;

  constructor(gaps: Gaps, errors: readonly GraphQLError[]) {
    this.#gaps = gaps;
    this.hasGaps = gaps.size > 0;
    this.errors = [...errors];
  }

  /** A value that nobody gave. */
  missing(parent: object, key: string, name: string): void {
    const gap = this.#gapAt(parent, key) ?? this.#inherited;
    if (gap) {
      if (gap.error === 'told') explain(this.#explainedPaths(), [...this.path, name]);
      else if (gap.error) this.#tell(gap.error, name);
    } else {
      this.#tell(new UnfitAnswer('not there'), name);
    }
  }

  /** Completes what a field holds: what explains that the field is missing explains its parts too. */
  within<Result>(parent: object, key: string, complete: () => Result): Result {
    const before = this.#inherited;
    this.#inherited = this.#gapAt(parent, key) ?? before;
    const completed = complete();
    this.#inherited = before;
    return completed;
  }

  /** A value that its type does not allow. */
  unfit(name: string | number): void {
    this.#tell(new UnfitAnswer('of another type'), name);
  }

  /** A null where none may stand. */
  forbidNull(name: string | number): typeof forbidden {
    if (!this.#isExplained(name)) this.#tell(new NothingThere(), name);
    return forbidden;
  }

  #gapAt(parent: object, key: string): Gap | undefined {
    return this.#gaps.get(parent)?.find(({ keys }) => keys?.has(key) ?? true);
  }

  #tell(error: Error, name: string | number): void {
    const path = [...this.path, name];
    if (this.errors.length < mostErrors) this.errors.push(errorAt(error, path));
    if (this.#explained) explain(this.#explained, path);
  }

  /** Whether an error stands here, above or below. */
  #isExplained(name: string | number): boolean {
    if (this.errors.length === 0) return false;
    const explained = this.#explainedPaths();
    const path = [...this.path, name];
    return (
      explained.has(`within ${pathText(path)}`) ||
      path.some((_, index) => explained.has(`at ${pathText(path.slice(0, index + 1))}`))
    );
  }

  /** Made when it is asked for: most answers have no errors. */
  #explainedPaths(): Set<string> {
    if (!this.#explained) {
      this.#explained = new Set();
      for (const { path } of this.errors) explain(this.#explained, path ?? []);
    }
    return this.#explained;
  }
}

/** The same error somewhere else. */
export function errorAt(error: Error, path: Path): GraphQLError {
  return new GraphQLError(error.message, {
    path,
    ...(error instanceof GraphQLError
      ? { originalError: error.originalError ?? null, extensions: error.extensions }
      : { originalError: error }),
  });
}

function explain(explained: Set<string>, path: Path): void {
  explained.add(`at ${pathText(path)}`);
  for (let length = path.length; length > 0; length -= 1) {
    explained.add(`within ${pathText(path.slice(0, length))}`);
  }
}

function pathText(path: Path): string {
  return JSON.stringify(path);
}
