import { importPKCS8, SignJWT } from 'jose';
import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None } from 'openid-client';
import type { Clock } from '../core/clock.ts';
import type { Provider } from './provider.ts';

/** How we show a provider that we are its client. */
export function clientAuthentication(
  { secret, issuer, clientId }: Provider,
  now: Clock,
): ClientAuth {
  switch (secret.kind) {
    case 'none':
      return None();
    case 'text':
      return (server, ...request) => {
        // Where it says nothing, the second is meant (OpenID Connect Discovery section 3).
        const methods = server.token_endpoint_auth_methods_supported;
        const authenticate = methods?.includes('client_secret_post')
          ? ClientSecretPost(secret.text)
          : ClientSecretBasic(secret.text);
        return authenticate(server, ...request);
      };
    case 'apple':
      return async (server, ...request) => {
        const key = await importPKCS8(secret.privateKey, 'ES256');
        const at = Math.floor(now().getTime() / 1_000);
        const text = await new SignJWT()
          .setProtectedHeader({ alg: 'ES256', kid: secret.keyId })
          .setIssuer(secret.teamId)
          .setSubject(clientId)
          .setAudience(issuer)
          .setIssuedAt(at)
          .setExpirationTime(at + 5 * 60)
          .sign(key);
        return ClientSecretPost(text)(server, ...request);
      };
  }
}
