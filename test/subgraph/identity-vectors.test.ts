import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdentityVerifier } from '../../src/subgraph/verify-identity.ts';
import { type IdentityVectors, makeIdentityVectors } from '../support/identity-vectors.ts';

const file: IdentityVectors = JSON.parse(readFileSync('docs/identity-test-vectors.json', 'utf8'));

/** Signatures and keys are new each time. */
function withoutSecrets({ keys, vectors, ...rest }: IdentityVectors): unknown {
  const isOurs = (token: string) => token.split('.').length === 3;
  const unsigned = (token: string) =>
    isOurs(token) ? JSON.stringify(token.split('.').slice(0, 2).map(decoded)) : token;
  return JSON.parse(
    JSON.stringify({
      ...rest,
      kids: keys.keys.map((key) => 'kid' in key && key.kid),
      vectors: vectors.map((entry) => ({ ...entry, tokens: entry.tokens.map(unsigned) })),
    }),
  );
}

function decoded(part: string): object {
  const { jwk: _, ...rest } = JSON.parse(Buffer.from(part, 'base64url').toString());
  return rest;
}

describe('docs/identity-test-vectors.json', () => {
  let server: Server;
  let keysUrl: string;
  beforeAll(async () => {
    server = createServer((_request, response) => response.end(JSON.stringify(file.keys)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    keysUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());

  it('is what `npm run vectors` writes', () => {
    expect(withoutSecrets(file)).toEqual(withoutSecrets(makeIdentityVectors()));
  });

  it('holds no private key', () => {
    for (const key of file.keys.keys) expect(key).not.toHaveProperty('d');
  });

  it.each(file.vectors.map((entry) => [entry.name, entry] as const))(
    'is kept by graphql-gatehouse-subgraph: %s',
    async (_name, { tokens, body, now, expect: expected }) => {
      const verify = createIdentityVerifier({
        gateway: file.gateway,
        subgraph: file.subgraph,
        clockTolerance: file.clockTolerance,
        keysUrl,
        now: () => new Date(now * 1_000),
      });
      const headers = tokens.length === 0 ? {} : { 'txn-token': oneOrMany(tokens) };
      const verdict = verify(headers, Buffer.from(body, 'base64')).then(
        (identity) => ({ identity }),
        (error) => ({ refused: error.reason }),
      );
      expect(JSON.parse(JSON.stringify(await verdict))).toEqual(expected);
    },
  );
});

function oneOrMany(tokens: readonly string[]): string | readonly string[] {
  const [token] = tokens;
  return tokens.length === 1 && token !== undefined ? token : tokens;
}
