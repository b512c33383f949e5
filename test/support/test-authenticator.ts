import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a device does otherwise than it should. */
export interface Deviation {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  /** More members of the client data. */
  readonly clientData?: Readonly<Record<string, unknown>>;
  readonly isVerified?: boolean;
  readonly isPresent?: boolean;
  readonly isSynced?: boolean;
  readonly isBackedUp?: boolean;
  readonly counter?: number;
  readonly userHandle?: string | null;
  readonly id?: string;
  readonly alterSignature?: boolean;
}

/** As a browser writes it. */
type Answer = Record<string, unknown>;

interface Options {
  readonly challenge: string;
  readonly rpId?: string;
  readonly rp?: { readonly id: string };
  readonly user?: { readonly id: string };
}

/** A passkey of a device, made and used by WebAuthn level 3 and with nothing of ours. */
export interface TestPasskey {
  readonly id: string;
  readonly assert: (options: object, deviation?: Deviation) => Answer;
}

export interface TestAuthenticator {
  /** Makes a passkey, and the answer that a browser gives of it. */
  readonly create: (
    options: object,
    deviation?: Deviation,
  ) => { readonly passkey: TestPasskey; readonly response: Answer };
}

/** A device that a person uses on pages of this origin. */
export function createTestAuthenticator(
  origin: string,
  defaults: Deviation = {},
): TestAuthenticator {
  return {
    create(given, deviation = {}) {
      const options = given as Options;
      const how = { ...defaults, ...deviation };
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const credentialId = randomBytes(32);
      const id = how.id ?? credentialId.toString('base64url');
      const rpId = options.rp?.id ?? '';
      const clientDataJSON = clientDataOf('webauthn.create', options, origin, how);
      const data = authenticatorData(rpId, how, 0, {
        id: Buffer.from(id, 'base64url'),
        key: coseKey(publicKey),
      });
      const attestationObject = cbor(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', data],
        ]),
      );
      const response = {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientDataJSON.toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal', 'telepathy'],
        },
      };
      const handle = options.user?.id ?? '';
      return { passkey: passkeyOf({ id, privateKey, handle, origin, defaults }), response };
    },
  };
}

interface Made {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly handle: string;
  readonly origin: string;
  readonly defaults: Deviation;
}

function passkeyOf({ id, privateKey, handle, origin, defaults }: Made): TestPasskey {
  let counter = 0;
  return {
    id,
    assert(given, deviation = {}) {
      const options = given as Options;
      const how = { ...defaults, ...deviation };
      counter += 1;
      const clientDataJSON = clientDataOf('webauthn.get', options, origin, how);
      const data = authenticatorData(options.rpId ?? '', how, counter);
      const digest = createHash('sha256').update(clientDataJSON).digest();
      const signature = sign('sha256', Buffer.concat([data, digest]), privateKey);
      if (how.alterSignature) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
      const userHandle = how.userHandle === undefined ? handle : how.userHandle;
      return {
        id: how.id ?? id,
        rawId: how.id ?? id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientDataJSON.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          ...(userHandle === null ? {} : { userHandle }),
        },
      };
    },
  };
}

function clientDataOf(type: string, { challenge }: Options, origin: string, how: Deviation) {
  return Buffer.from(
    JSON.stringify({
      type: how.type ?? type,
      challenge: how.challenge ?? challenge,
      origin: how.origin ?? origin,
      crossOrigin: false,
      ...how.clientData,
    }),
  );
}

function authenticatorData(
  rpId: string,
  how: Deviation,
  counter: number,
  made?: { readonly id: Buffer; readonly key: Buffer },
): Buffer {
  const flags =
    (how.isPresent === false ? 0 : 1) |
    (how.isVerified === false ? 0 : 4) |
    (how.isSynced ? 8 : 0) |
    (how.isBackedUp ? 16 : 0) |
    (made ? 64 : 0);
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(how.counter ?? counter, 1);
  const hash = createHash('sha256')
    .update(how.rpId ?? rpId)
    .digest();
  if (!made) return Buffer.concat([hash, head]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(made.id.length);
  return Buffer.concat([hash, head, Buffer.alloc(16), length, made.id, made.key]);
}

/** RFC 9053 section 7.1.1. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return cbor(
    new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  );
}

/** As much of RFC 8949 as stands above. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, value.length), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const parts = [...value].flatMap(([key, entry]) => [cbor(key), cbor(entry)]);
    return Buffer.concat([head(5, value.size), ...parts]);
  }
  throw new Error('not here');
}

function head(kind: number, size: number): Buffer {
  if (size < 24) return Buffer.of((kind << 5) | size);
  if (size < 256) return Buffer.of((kind << 5) | 24, size);
  return Buffer.of((kind << 5) | 25, size >> 8, size & 255);
}
