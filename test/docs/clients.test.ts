import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildFolder } from '../support/build.ts';
import { clientPages, clientSnippets } from '../support/client-snippets.ts';

/** What snippets import of each other, and the little that they use of what is not installed here. */
const surroundings = {
  'session.ts': `
    import { createSession } from 'graphql-gatehouse-client';
    export const session = createSession({ url: 'https://auth.example.com/graphql' });
  `,
  'socket.ts': `
    import type { Client } from 'graphql-ws';
    export declare const socket: Client;
  `,
  'native.d.ts': `
    declare module 'react-native' {
      export const AppState: {
        addEventListener(type: 'change', listener: (state: string) => void): unknown;
      };
    }
    declare module 'expo-secure-store' {
      export function getItemAsync(key: string): Promise<string | null>;
      export function setItemAsync(key: string, value: string): Promise<void>;
      export function deleteItemAsync(key: string): Promise<void>;
    }
  `,
};

describe('the pages on clients', () => {
  let folder: string;
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

  beforeEach(() => {
    // Inside of the project, whose packages are found from there.
    folder = mkdtempSync(join(buildFolder, 'docs-clients-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(
      resolve(buildFolder, 'npm/graphql-gatehouse-client'),
      join(folder, 'node_modules/graphql-gatehouse-client'),
    );
    write('package.json', JSON.stringify({ type: 'module' }));
    for (const [file, text] of Object.entries(surroundings)) write(file, text);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('show code on each', () => {
    const shown = new Set(clientSnippets.map(({ page }) => page));
    expect(clientPages.filter((page) => !shown.has(page))).toEqual([]);
  });

  it.each([
    ['bundler', 'esnext'],
    ['node16', 'node16'],
  ])(
    'show only code that compiles against the built package, by moduleResolution %s',
    (moduleResolution, module) => {
      for (const { name, ending, code } of clientSnippets) write(`${name}.${ending}`, code);
      expect(compile(moduleResolution, module)).toBe('');
    },
  );

  it('would be caught with an option that there is not', () => {
    write(
      'wrong.ts',
      "import { createSession } from 'graphql-gatehouse-client';\ncreateSession({ uri: '' });\n",
    );
    expect(compile('bundler', 'esnext')).toContain("'uri' does not exist in type 'SessionOptions'");
  });

  /** @returns what the compiler complains of */
  function compile(moduleResolution: string, module: string): string {
    const compilerOptions = {
      ...{ target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'], module, moduleResolution },
      ...{ jsx: 'react-jsx', strict: true, exactOptionalPropertyTypes: true },
      ...{ noEmit: true },
      ...{ skipLibCheck: true, types: ['node'] },
    };
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*'] }));
    const compiler = 'node_modules/typescript/bin/tsc';
    try {
      return execFileSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
    } catch (error) {
      return String((error as { stdout?: unknown }).stdout);
    }
  }
});
