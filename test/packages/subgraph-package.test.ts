import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFolder } from '../support/build.ts';
import { type EmptyProject, makeEmptyProject } from '../support/empty-project.ts';
import { type IdentityKeys, startIdentityKeys } from '../support/identity-keys.ts';

/** Milliseconds: npm takes seconds, and many more on a busy machine. */
const patience = 120_000;

/** Prints who asks with the token and the body that it is given. */
const program = `
  import { createIdentityVerifier } from 'graphql-gatehouse-subgraph';
  const [, , gateway, token, body] = process.argv;
  const verify = createIdentityVerifier({ gateway, subgraph: 'reviews' });
  console.log(JSON.stringify(await verify({ 'txn-token': token }, body)));
`;

/** A TypeScript file that uses each entry point. */
const typed = `
  import { createIdentityVerifier, expressIdentity, type Identity } from 'graphql-gatehouse-subgraph';
  import { federatedSchema } from 'graphql-gatehouse-subgraph/schema';
  const verify = createIdentityVerifier({ gateway: 'https://api.example.com', subgraph: 'reviews' });
  const identity: Promise<Identity> = verify({}, '');
  export const used = [identity, expressIdentity(verify), federatedSchema];
  // @ts-expect-error a subgraph has to have a name
  createIdentityVerifier({ gateway: 'https://api.example.com' });
`;

describe('graphql-gatehouse-subgraph, packed and installed into an empty project', () => {
  let project: EmptyProject;
  let keys: IdentityKeys;
  const read = (file: string) =>
    readFileSync(join(project.folder, 'node_modules/graphql-gatehouse-subgraph', file), 'utf8');

  beforeAll(async () => {
    keys = await startIdentityKeys();
    project = makeEmptyProject();
    const tarball = await project.pack(join(buildFolder, 'npm', 'graphql-gatehouse-subgraph'));
    // What is installed here: nothing is fetched.
    const jose = await project.pack(join('node_modules', 'jose'));
    const graphql = await project.pack(join('node_modules', 'graphql'));
    await project.npm('install', '--offline', '--no-audit', '--no-fund', tarball, jose, graphql);
  }, patience);
  afterAll(async () => {
    project.remove();
    await keys.stop();
  });

  it('brings jose, and nothing else', async () => {
    const manifest = JSON.parse(read('package.json'));
    expect(Object.keys(manifest.dependencies)).toEqual(['jose']);
    expect(manifest).toMatchObject({
      version: JSON.parse(readFileSync('package.json', 'utf8')).version,
      peerDependenciesMeta: { graphql: { optional: true } },
    });
    expect(readdirSync(join(project.folder, 'node_modules')).sort()).toEqual([
      '.package-lock.json',
      'graphql',
      'graphql-gatehouse-subgraph',
      'jose',
    ]);
  });

  it('has a README and the licence, and no sources', () => {
    expect(read('README.md')).toContain('npm install graphql-gatehouse-subgraph');
    expect(read('LICENSE')).toContain('MIT License');
    expect(() => read('index.ts')).toThrow('ENOENT');
  });

  it('tells who is asking', async () => {
    const body = '{"query":"{ me { id } }"}';
    const token = keys.mint(
      { kind: 'anonymous' },
      { audience: 'reviews', claims: [] },
      { requestId: 'request-1', operation: 'query', body },
    );
    project.write('program.js', program);
    expect(JSON.parse(await project.node('program.js', keys.origin, token, body))).toEqual({
      kind: 'anonymous',
      requestId: 'request-1',
    });
  });

  it.each([
    ['bundler', 'esnext'],
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
  ])('has types for moduleResolution %s', async (moduleResolution, module) => {
    const options = { target: 'es2022', module, moduleResolution, strict: true, noEmit: true };
    project.write('typed.ts', typed);
    project.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { ...options, types: [] }, files: ['typed.ts'] }),
    );
    const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc');
    await expect(project.node(tsc, '-p', '.')).resolves.toBe('');
  });
});
