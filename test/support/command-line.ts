import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { buildFolder } from './build.ts';
import { databaseVariables, testDatabase, workerDataDir } from './test-databases.ts';

/** The built command line on the worker's database. */
export function gatehouse(...args: string[]) {
  return gatehouseAt(workerDataDir(Number(process.env.JEST_WORKER_ID ?? 1)), ...args);
}

/** The same beside a server that runs: on its embedded database, where it has one. */
export function gatehouseAt(dataDir: string, ...args: string[]) {
  const database = testDatabase();
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    DATA_DIR: dataDir,
    ...('url' in database ? databaseVariables(database) : {}),
  };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(buildFolder, 'src', 'command.js'), ...args],
      { env, maxBuffer: 64_000_000 },
      (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : 0;
        resolve({ code, stdout, stderr });
      },
    );
  });
}
