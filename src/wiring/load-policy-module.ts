import { pathToFileURL } from 'node:url';

/** Loads the module that the team's settings name. Nobody else's code is ever loaded by a name. */
export function loadPolicyModule(path: string): Promise<unknown> {
  return import(pathToFileURL(path).href);
}
