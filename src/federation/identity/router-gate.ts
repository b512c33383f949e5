import { type DocumentNode, Kind, parse, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { Clock } from '../../core/clock.ts';
import { createSecretCheck } from '../../core/secret-check.ts';
import { jsonWebKeySet } from '../../keys/jwks.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import { IdentityRefused, refusalBody } from '../../subgraph/errors.ts';
import { identityHeader } from '../../subgraph/identity-token.ts';
import { createReplayCache } from '../../subgraph/replay-cache.ts';
import { createIdentityVerifier } from '../../subgraph/verify-identity.ts';
import type { ClientHeaders } from '../forwarded-headers.ts';

/** The header by which a router shows ROUTER_SECRET. */
export const routerSecretHeader = 'x-router-secret';

/** What a stranger is answered. */
export interface StrangerRefusal {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

/** A request to the auth subgraph. */
export interface RouterRequest {
  readonly headers: ClientHeaders;
  /** The body as it arrived. */
  readonly bytes: Uint8Array;
  /** The document that it asks to run; undefined where there is none. */
  readonly query: string | undefined;
}

/** @returns what is answered to whoever is not the router, or undefined for the router */
export type RefuseStranger = (request: RouterRequest) => Promise<StrangerRefusal | undefined>;

export interface RouterGateOptions {
  readonly keyRing: Pick<KeyRing, 'keys' | 'onChange'>;
  readonly issuer: string;
  /** The auth schema's name in the router's graph: `aud` of the identity tokens made for it. */
  readonly audience: string;
  /** Any of them counts; none where only identity tokens do. */
  readonly secrets: readonly string[];
  readonly now: Clock;
}

/**
 * Lets nobody but the router ask the auth subgraph for more than its schema. The router shows an
 * identity token, which our coprocessor endpoint made for this body, or a secret that only it knows.
 *
 * Attack: whoever reaches the subgraph past its router calls `_entities` for accounts that the graph
 * never shows to them, and is bound by none of the router's limits and rules.
 */
export function createRouterGate(options: RouterGateOptions): RefuseStranger {
  const { keyRing, issuer, audience, now } = options;
  const present = () => ({ keys: [...jsonWebKeySet(keyRing.keys('identity')).keys] });
  let keys = present();
  keyRing.onChange(() => {
    keys = present();
  });
  const verify = createIdentityVerifier({
    gateway: issuer,
    subgraph: audience,
    keys: () => keys,
    replayCache: createReplayCache(),
    now,
  });
  const isOurs = createSecretCheck(options.secrets);

  return async ({ headers, bytes, query }) => {
    if (isServiceQuestion(query)) return undefined;
    const secret = headers[routerSecretHeader];
    if (typeof secret === 'string' && headers[identityHeader] === undefined) {
      if (isOurs(secret)) return undefined;
    }
    try {
      await verify(headers, bytes);
      return undefined;
    } catch (error) {
      if (!(error instanceof IdentityRefused)) throw error;
      return { status: error.status, reason: error.reason, body: refusalBody(error) };
    }
  };
}

/**
 * Whether a document asks for the schema, once, and for nothing else.
 *
 * Attack: thirty aliases of a schema of many kilobytes, in a request of a few hundred bytes.
 */
function isServiceQuestion(query: string | undefined): boolean {
  return query !== undefined && onlyField(query) === '_service.sdl';
}

/** The path of the one field that a document asks for; undefined where it asks for more. */
function onlyField(query: string): string | undefined {
  let document: DocumentNode;
  try {
    document = parse(query, { noLocation: true });
  } catch {
    return undefined;
  }
  const [operation, ...others] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) return undefined;
  const path: string[] = [];
  let set: SelectionSetNode | undefined = operation.selectionSet;
  while (set) {
    const [field, ...more]: readonly SelectionNode[] = set.selections;
    if (field?.kind !== Kind.FIELD || more.length > 0) return undefined;
    path.push(field.name.value);
    set = field.selectionSet;
  }
  return path.join('.');
}
