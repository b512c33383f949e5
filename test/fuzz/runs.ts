/**
 * How many cases of each kind are tried: a few with every test run, 10,000 with `npm run test:fuzz`.
 * fast-check prints the seed of a case that fails.
 */
export const fuzzRuns = Number(process.env.FUZZ_RUNS ?? 200);

/** Milliseconds that a long run may take for one kind. */
export const fuzzPatience = 30_000 + fuzzRuns * 100;
