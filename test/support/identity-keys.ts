import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MintIdentity } from '../../src/federation/identity/mint-identity.ts';
import { createMintIdentity } from '../../src/federation/identity/mint-identity.ts';
import { jsonWebKeySet } from '../../src/keys/jwks.ts';
import { openKeyRing } from '../../src/keys/key-ring.ts';
import { makeSigningKey } from '../../src/keys/make-signing-key.ts';
import type { SigningKey } from '../../src/keys/signing-key.ts';
import { keepAliveTimeout } from './keep-alive.ts';

const secrets = ['a key encryption secret for tests only: 0123456789'];

/** A stand-in for the gateway: an identity key, and the address where its key set is fetched. */
export interface IdentityKeys {
  readonly origin: string;
  readonly mint: MintIdentity;
  /** Signs any header and claims with the active key, to forge what the gateway never makes. */
  readonly signingKey: () => Promise<{ readonly kid: string; readonly pem: string }>;
  /** Another key becomes the only one. */
  readonly replaceKey: () => Promise<void>;
  readonly fetches: () => number;
  readonly breakDown: () => void;
  readonly stop: () => Promise<void>;
}

export async function startIdentityKeys(now = () => new Date()): Promise<IdentityKeys> {
  let key = await makeKey(now());
  let fetches = 0;
  let isBroken = false;
  let nextId = 0;
  const server = createServer({ keepAliveTimeout }, (_request, response) => {
    fetches += 1;
    response.statusCode = isBroken ? 500 : 200;
    response.end(isBroken ? '<html>' : JSON.stringify(jsonWebKeySet([key])));
  });
  const origin = await listen(server);
  const open = () =>
    openKeyRing({ signingKeys: { list: async () => [key] }, encryptionSecrets: secrets });
  let ring = await open();
  return {
    origin,
    mint: (...args) =>
      createMintIdentity({
        keyRing: ring,
        issuer: origin,
        now,
        newId: () => `id-${nextId++}`,
      })(...args),
    async signingKey() {
      const { kid, key: privateKey } = ring.signingKey('identity');
      return { kid, pem: String(privateKey.export({ format: 'pem', type: 'pkcs8' })) };
    },
    async replaceKey() {
      key = await makeKey(now());
      ring = await open();
    },
    fetches: () => fetches,
    breakDown() {
      isBroken = true;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function makeKey(at: Date): Promise<SigningKey> {
  return makeSigningKey('identity', 'ES256', 'active', at, secrets);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
