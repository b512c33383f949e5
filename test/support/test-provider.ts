import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import Provider, { type Context } from 'oidc-provider';
import { keepAliveTimeout } from './keep-alive.ts';

/** Somebody with an account at a provider. */
export interface Claimant {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly given_name?: string;
  readonly family_name?: string;
}

/** What a hostile provider does otherwise. */
export interface ProviderDeviation {
  readonly discovery?: (metadata: Record<string, unknown>) => Record<string, unknown>;
  readonly idToken?: (claims: JWTPayload) => JWTPayload;
  readonly sign?: (claims: JWTPayload) => Promise<string>;
  readonly userInfo?: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** Answers a path itself. */
  readonly answer?: (context: Context) => Promise<boolean> | boolean;
}

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The paths that it was asked for, such as `POST /token`. */
  readonly asked: string[];
  /** The parameters of the last request for tokens. */
  readonly lastTokenRequest: () => URLSearchParams;
  deviation: ProviderDeviation;
  /** By which it tells when somebody signed in, where that is not the time of the day. */
  now?: () => Date;
  /** Whoever comes with a browser of their own is this one. */
  readonly welcome: (who: Claimant) => void;
  /**
   * Somebody signs in there and agrees.
   *
   * @returns the address to which the browser is sent back
   */
  readonly visit: (url: string, who: Claimant) => Promise<string>;
  /** An ID token as an SDK would get it. */
  readonly idTokenFor: (who: Claimant, claims: JWTPayload) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/**
 * `oidc-provider`, in which everybody agrees to everything.
 *
 * @param redirectUri or the path of one, of whatever origin
 */
export async function startTestProvider(
  redirectUri: string,
  { scopes = 'openid email profile' } = {},
): Promise<TestProvider> {
  const server = createServer({ keepAliveTimeout });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'gatehouse';
  const clientSecret = 'a secret of the client, long enough for HMAC';
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'key-1' };
  const people = new Map<string, Claimant>();
  const asked: string[] = [];
  let present = '';
  let lastTokenRequest = new URLSearchParams();

  const provider = makeQuietly(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [new URL(redirectUri, 'https://localhost').href],
        token_endpoint_auth_method: 'client_secret_post',
        // Its ID tokens tell when somebody signed in there, as most do.
        require_auth_time: true,
      },
    ],
    claims: {
      email: ['email', 'email_verified'],
      profile: ['given_name', 'family_name'],
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: Context, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: Context, accountId: string) => ({
      accountId,
      claims: () => people.get(accountId),
    }),
    async loadExistingGrant({
      oidc,
    }: {
      oidc: { session: { accountId: string }; client: { clientId: string } };
    }) {
      const { accountId } = oidc.session;
      const grant = new provider.Grant({ accountId, clientId: oidc.client.clientId });
      grant.addOIDCScope(scopes);
      await grant.save();
      return grant;
    },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 3_600 },
    cookies: { keys: ['a key for cookies'] },
    jwks: { keys: [jwk] },
  });
  if (redirectUri.startsWith('/')) {
    provider.Client.prototype.redirectUriAllowed = (uri) => uri.endsWith(redirectUri);
  }
  const made: TestProvider = {
    issuer,
    clientId,
    clientSecret,
    asked,
    lastTokenRequest: () => lastTokenRequest,
    deviation: {},
    welcome(who) {
      people.set(who.sub, who);
      present = who.sub;
    },
    async visit(url, who) {
      made.welcome(who);
      return visit(url, issuer);
    },
    idTokenFor: (who, claims) =>
      sign({
        iss: issuer,
        aud: clientId,
        iat: seconds(),
        exp: seconds() + 600,
        ...who,
        ...claims,
      }),
    stop: () => stop(server),
  };

  provider.use(async (context, next) => {
    asked.push(`${context.method} ${context.path}`);
    const { answer, discovery, idToken, sign: signOtherwise, userInfo } = made.deviation;
    if (await answer?.(context)) return;
    if (context.path.startsWith('/interaction/')) {
      const login = { accountId: present };
      await provider.interactionFinished(context.req, context.res, { login });
      return;
    }
    if (context.path === '/token') {
      const chunks: Buffer[] = [];
      context.req.on('data', (chunk: Buffer) => chunks.push(chunk));
      await next();
      lastTokenRequest = new URLSearchParams(Buffer.concat(chunks).toString());
    } else {
      await next();
    }
    const body = context.body as Record<string, unknown>;
    if (context.path.endsWith('/openid-configuration') && discovery) {
      context.body = discovery({ ...body });
    }
    if (context.path === '/token' && typeof body.id_token === 'string') {
      const claims = JSON.parse(
        Buffer.from(body.id_token.split('.')[1] ?? '', 'base64url').toString(),
      );
      if (made.now) claims.auth_time = Math.floor(made.now().getTime() / 1_000);
      const altered = idToken?.(claims) ?? claims;
      if (signOtherwise) body.id_token = await signOtherwise(altered);
      else if (idToken || made.now) body.id_token = await sign(altered);
    }
    if (context.path === '/me' && userInfo) context.body = userInfo({ ...body });
  });
  server.on('request', provider.callback());
  return made;

  async function sign(claims: JWTPayload): Promise<string> {
    const header = { alg: 'RS256', kid: 'key-1' };
    return new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(jwk));
  }
}

/** It warns of everything that a test's provider does not need. */
function makeQuietly(...given: ConstructorParameters<typeof Provider>): Provider {
  const { warn } = console;
  console.warn = () => {};
  try {
    return new Provider(...given);
  } finally {
    console.warn = warn;
  }
}

/** What a browser does with the address of a provider, until it leaves it. */
async function visit(start: string, issuer: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (!location) throw new Error(`${answer.status} at ${url}: ${await answer.text()}`);
    url = new URL(location, url).href;
    if (!url.startsWith(issuer)) return url;
  }
  throw new Error('no end of redirects');
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}
