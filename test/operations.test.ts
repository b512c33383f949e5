import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

describe('the generated operations', () => {
  it('are those of the committed schema and documents (npm run codegen writes them)', async () => {
    // In a process of its own: the tool brings another copy of graphql into jest's module registry.
    const tool = 'node_modules/@graphql-codegen/cli/esm/bin.js';
    await promisify(execFile)(process.execPath, [tool, '--config', 'codegen.ts', '--check']);
  });
});
