import { forwardableHeader } from '../../src/config/forwardable-header.ts';

const isTaken = (name: string) => forwardableHeader.safeParse(name).success;

describe('a header that a client may send to a subgraph', () => {
  it.each([
    'Remote-User, Remote-Groups, Remote-Email, Remote-Name, X-Remote-User, X-WebAuth-User',
    'X-Goog-Authenticated-User-Email, X-Goog-IAP-JWT-Assertion, X-Endpoint-API-UserInfo',
    'X-Amzn-OIDC-Identity, X-Amzn-OIDC-Data, X-MS-Client-Principal-Name, X-MS-Token-AAD-Id-Token',
    'Cf-Access-Authenticated-User-Email, Cf-Access-Jwt-Assertion, Tailscale-User-Login',
    'X-Hasura-Role, X-Hasura-Org-Id, X-Hasura-Admin-Secret, X-Hasura-Allowed-Ids',
    'X-Principal, X-Groups, X-Roles, X-Scope, X-Subject, X-Sub, X-UID, X-Email, X-Customer-Id',
    'X-Auth-Request-Email, X-Authentik-Username, X-Pomerium-Claim-Email, X-Vouch-Idp-Claims-Name',
    'X-Consumer-Username, X-Credential-Identifier, X-Anonymous-Consumer, X-Forwarded-User',
    'X-Forwarded-Email, X-Forwarded-Client-Cert, X-SSL-Client-S-DN, SSL-Client-Verify, X-Client-DN',
    'Impersonate-User, X-On-Behalf-Of, X-Superuser, X-Is-Admin, X-Act-As-Account, X-Actor, X-Owner-Id',
    'X-User, X-User-Id, X-UserId, X-Username, X-Session, X-Permissions, X-Identity, X-Member-Id',
    'X-Jwt-Claims, X-Access-Token, X-Id-Token, Authorization, Proxy-Authorization, Txn-Token',
    'X-Router-Secret, X-Token-Exchange-Secret, Cookie, Set-Cookie, From, X-Real-IP, True-Client-IP, CF-Connecting-IP',
  ])('does not name who somebody is, or what somebody may: %s', (names) => {
    expect(names.split(', ').filter(isTaken)).toEqual([]);
  });

  it('does not belong to the connection', () => {
    const names = ['host', 'connection', 'content-length', 'te', 'accept-encoding', 'traceparent'];
    expect(names.filter(isTaken)).toEqual([]);
    expect(['', 'x header', 'x_header', 'x:', 'x-ü'].filter(isTaken)).toEqual([]);
  });

  it.each([
    'Accept-Language, User-Agent, Origin, Referer, X-Tenant, X-Request-Id, X-Correlation-Id',
    'X-Locale, X-Currency, X-Client-Version, Apollographql-Client-Name, X-Api-Key, X-B3-TraceId',
    'X-Device-Id, X-Feature-Flags, X-Platform, CF-IPCountry, X-CSRF-Token, Idempotency-Key',
  ])('may be any other: %s', (names) => {
    expect(names.split(', ').filter((name) => !isTaken(name))).toEqual([]);
  });
});
