import { buildForTests } from './build.ts';
import { makePreparedData } from './make-prepared-data.ts';

/** Jest's global setup for tests of the built server alone. */
export default async function setup(): Promise<void> {
  buildForTests();
  await makePreparedData();
}
