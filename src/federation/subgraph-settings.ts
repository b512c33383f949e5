import type { IdentityClaimName } from './identity/mint-identity.ts';

/** A subgraph of the team's, as the configuration has it. Milliseconds and bytes. */
export interface SubgraphSettings {
  readonly name: string;
  readonly url: string;
  /** The file of its schema; without one it is asked through `_service`. */
  readonly schema?: string | undefined;
  /** `aud` of its identity tokens; its name by default. */
  readonly audience?: string | undefined;
  readonly claims: readonly IdentityClaimName[];
  /** The client's headers that are passed on, in lower case. */
  readonly headers: readonly string[];
  /** Passes the user's own access token on. */
  readonly passAccessToken: boolean;
  /** Says who is asking in plain headers too, for what can't verify a token. */
  readonly plainHeaders: boolean;
  /** Whether the texts of its errors reach clients; in development they do. */
  readonly errors?: 'redact' | 'pass' | undefined;
  readonly timeout: number;
  readonly maxResponseSize: number;
  /** How it takes subscriptions. */
  readonly subscriptions: 'sse' | 'graphql-ws';
}

/** The settings of a subgraph that only a supergraph file names. */
export const defaultSubgraphSettings = {
  claims: ['scope', 'roles'],
  headers: [],
  passAccessToken: false,
  plainHeaders: false,
  timeout: 10_000,
  maxResponseSize: 10_485_760,
  subscriptions: 'sse',
} as const satisfies Omit<SubgraphSettings, 'name' | 'url'>;
