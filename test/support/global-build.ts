/** Jest's global setup for tests whose servers make databases of their own. */
export { buildForTests as default } from './build.ts';
