import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const listed = 'query Me { me { id } }';
const mutation = 'mutation Bye { logout { success } }';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

const manifests = {
  "Apollo's tool": {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [listed, mutation].map((body) => ({
      id: hash(body),
      body,
      name: 'Any',
      type: 'query',
    })),
  },
  'the codegen client preset': { [hash(listed)]: listed, [`sha256:${hash(mutation)}`]: mutation },
};

describe.each(Object.entries(manifests))('with the manifest of %s', (_name, manifest) => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-manifest-'));
  let gateway: TestGateway;
  beforeAll(async () => {
    const file = join(folder, 'manifest.json');
    writeFileSync(file, JSON.stringify(manifest));
    gateway = await startTestGateway({ PERSISTED_DOCUMENTS: file });
  });
  afterAll(async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true });
  });

  const post = async (body: unknown) => {
    const answer = await fetch(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const byHash = (sha256Hash: unknown, more: object = {}) =>
    post({ extensions: { persistedQuery: { version: 1, sha256Hash } }, ...more });

  it('runs a listed document, by its text or its id', async () => {
    const answers = [
      await post({ query: listed }),
      await byHash(hash(listed)),
      await post({ documentId: hash(listed) }),
      await post({ documentId: `sha256:${hash(listed)}` }),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({ data: { me: null } });
    }
    expect((await byHash(hash(mutation))).status).toBe(200);
  });

  it.each([
    ['another document', { query: '{ me { id } }' }],
    ['a listed one with a space more', { query: `${listed} ` }],
    ['a listed one with a comment', { query: `# x\n${listed}` }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['an unknown id', { documentId: hash('x') }],
    ['an id that is a property of objects', { documentId: '__proto__' }],
    ['an id that is a list', { documentId: [hash(listed)] }],
    ['nothing', {}],
    ['an empty text', { query: '' }],
    ['another document under a listed id', { query: '{ __typename }', documentId: hash(listed) }],
    [
      'another document to be registered under its own hash',
      {
        query: '{ __typename }',
        extensions: { persistedQuery: { version: 1, sha256Hash: hash('{ __typename }') } },
      },
    ],
  ])('refuses %s', async (_what, body) => {
    const { status, text } = await post(body);
    expect(status).toBe(403);
    expect(JSON.parse(text).errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_IN_LIST');
  });

  it('refuses a batch, and a mutation by GET', async () => {
    expect((await post([{ query: listed }])).status).toBe(400);
    const search = new URLSearchParams({ documentId: hash(mutation) });
    const answer = await fetch(`${gateway.origin}/graphql?${search}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(answer.status).toBe(405);
  });
});
