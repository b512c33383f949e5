/** The end of a switch over a union: the compiler refuses the call when a case was forgotten. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}
