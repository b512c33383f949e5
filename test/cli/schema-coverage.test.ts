import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuilt } from '../support/plain-node.ts';

const patience = 120_000;
const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@tag"])';
const products = (rule: string, fieldRule = '') => `${link}
  type Query { products: [Product!] ${rule} }
  type Product @key(fields: "id") { id: ID! name: String ${fieldRule} }`;

describe('gatehouse schema coverage', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-coverage-'));
    write('gatehouse.yaml', 'subgraphs: [{ name: products, url: http://p, schema: p.graphql }]');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const gatehouse = (line: string) => runBuilt(['command.js', ...line.split(' ')], folder);

  it(
    'lists what no rule guards in the graph of gatehouse.yaml, with exit code 1',
    async () => {
      write('p.graphql', products(''));
      expect(await gatehouse('schema coverage')).toMatchObject({
        code: 1,
        stdout: 'Query.products\nProduct: name\n',
        stderr: '',
      });
      const { stdout } = await gatehouse('schema coverage --json');
      expect(JSON.parse(stdout)).toEqual({
        open: [{ place: 'Query.products' }, { place: 'Product', fields: ['name'] }],
      });
      write('p.graphql', products('@tag(name: "public")', '@authenticated'));
      expect(await gatehouse('schema coverage')).toMatchObject({
        code: 0,
        stdout: 'Every root field and entity has a rule.\n',
      });
    },
    patience,
  );

  it(
    'tells what a change made more public since a supergraph that was kept',
    async () => {
      write('p.graphql', products('@authenticated'));
      write('old.graphql', (await gatehouse('schema supergraph')).stdout);
      expect(await gatehouse('schema coverage --diff old.graphql')).toMatchObject({
        code: 0,
        stdout: 'Nothing was made more public.\n',
      });
      write('p.graphql', products(''));
      write('new.graphql', (await gatehouse('schema supergraph')).stdout);
      const changed = {
        code: 1,
        stdout: 'Query.products: was @authenticated, is open\n',
        stderr: '',
      };
      expect(await gatehouse('schema coverage --diff old.graphql')).toMatchObject(changed);
      expect(await gatehouse('schema coverage new.graphql --diff old.graphql')).toMatchObject(
        changed,
      );
    },
    patience,
  );

  it.each([
    ['a subgraph without a schema file', '[{ name: p, url: http://p }]', 'p has no schema file'],
    ['subgraphs that do not compose', '[{ name: p, url: http://p, schema: p.graphql }]', 'own'],
  ])(
    'explains itself before %s',
    async (_what, subgraphs, problem) => {
      write('p.graphql', 'type Query { a: Int @authenticated }');
      write('gatehouse.yaml', `subgraphs: ${subgraphs}`);
      const { code, stdout, stderr } = await gatehouse('schema coverage');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(problem);
      expect(stderr).not.toContain('    at ');
    },
    patience,
  );
});
