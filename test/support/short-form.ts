/**
 * `BROWSER_TESTS=short`, as CI has it: each rule once, and not in every combination. Without it, the tests
 * in browsers are whole.
 */
const isShort = process.env.BROWSER_TESTS === 'short';

/** What the whole form goes through, or what the short one does. */
export function inShort<Cases>(short: Cases, whole: Cases): Cases {
  return isShort ? short : whole;
}
