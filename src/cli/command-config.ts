import { type Config, readConfig } from '../config/config.ts';

/** The configuration of a command: one that looks after an installation, and begins none. */
export function commandConfig(): Config {
  return readConfig(process.env, { makesSecrets: false });
}
