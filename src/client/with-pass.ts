import type { Pass, Passes } from './passes.ts';

/** What came of an attempt. */
export interface Attempt<Answer> {
  readonly answer: Answer;
  /** What it says, for the errors in it. */
  readonly body: unknown;
  /** It can't have done anything, or does nothing: it may be sent once more. */
  readonly isRepeatable: boolean;
}

/**
 * Sends something with a token, and once more with a newer one where the token was refused.
 *
 * Attack: the answer to one person's question arrives when another is signed in, and is shown to them.
 *
 * @throws GatehouseError, or whatever the attempt throws. `SESSION_CHANGED` when the session of
 *   whoever asked was over before the answer came
 */
export async function withPass<Answer>(
  passes: Passes,
  send: (pass: Pass) => Promise<Attempt<Answer>>,
): Promise<Answer> {
  for (let isFirst = true; ; isFirst = false) {
    const pass = await passes.take();
    const { signal } = pass;
    let done: Attempt<Answer> | undefined;
    try {
      if (!signal.aborted) done = await send(pass);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (signal.aborted || !done) throw signal.reason;
    const isRefused = passes.isRefused(pass, done.body);
    if (!isRefused || !isFirst || !done.isRepeatable) return done.answer;
  }
}
