/** Returns the present moment. Passed in everywhere, so that tests move time instead of waiting. */
export type Clock = () => Date;

/** Whole seconds since the epoch: the NumericDate of RFC 7519 section 2. */
export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
