import { z } from 'zod';

const whole = (least: number, most: number, usual: number) =>
  z.int().min(least).max(most).default(usual);

/** What an operation may ask for in front of a graph. The auth server alone has limits of its own. */
export const limits = z.strictObject({
  cost: whole(1, 1_000_000_000, 100_000),
  listSize: whole(1, 1_000_000, 10),
  depth: whole(4, 200, 32),
  aliases: whole(1, 2_000, 200),
  directives: whole(1, 2_000, 200),
  width: whole(10, 2_000, 250),
  comparisons: whole(100, 50_000, 10_000),
  selections: whole(100, 1_000_000, 10_000),
  tokens: whole(500, 200_000, 10_000),
  characters: whole(1_000, 10_485_760, 131_072),
  variables: whole(10, 1_000_000, 10_000),
  variableCharacters: whole(100, 10_485_760, 262_144),
  body: whole(10_000, 104_857_600, 1_048_576),
});
export type Limits = z.infer<typeof limits>;
