import { createHmac, createSecretKey, generateKeyPairSync, sign } from 'node:crypto';
import { grantsBudget } from '../../src/access/access-policy.ts';
import { byPassword } from '../../src/core/assurance.ts';
import { type AccessTokenOptions, createAccessTokens } from '../../src/tokens/access-token.ts';
import { createTestClock } from '../support/test-clock.ts';

const ttl = 900;
const start = 1_767_225_600;
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const shared = createSecretKey(Buffer.alloc(32, 1));

const subject = {
  userId: '01890a5d-ac96-774b-bcce-b302099a8057',
  sessionId: '01890a5d-ac96-774b-bcce-b302099a8058',
  generation: 7,
  authenticatedAt: new Date((start - 60) * 1_000),
  ...byPassword,
  roles: ['user'],
  scopes: ['reviews:read', 'reviews:write'],
};
const head = { alg: 'ES256', typ: 'at+jwt', kid: 'es' };
const claims = {
  iss: 'https://auth.example.com',
  aud: 'graph',
  sub: subject.userId,
  sid: subject.sessionId,
  gen: 7,
  jti: 'token-1',
  iat: start,
  exp: start + ttl,
  auth_time: start - 60,
  acr: 'aal1',
  amr: ['pwd'],
  client_id: 'gatehouse',
  scope: 'reviews:read reviews:write',
  roles: ['user'],
};

const options: Omit<AccessTokenOptions, 'now'> = {
  newId: () => 'token-1',
  issuer: 'https://auth.example.com',
  audience: 'graph',
  ttl: ttl * 1_000,
  signingKey: () => ({ kid: 'es', algorithm: 'ES256', key: privateKey }),
  verificationKey: (kid) =>
    new Map([
      ['es', { algorithm: 'ES256', key: publicKey } as const],
      ['rs', { algorithm: 'RS256', key: rsa.publicKey } as const],
      ['hs', { algorithm: 'HS256', key: shared } as const],
    ]).get(kid),
};

const encode = (text: string) => Buffer.from(text).toString('base64url');
const signText = (text: string, key = privateKey) =>
  `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
/** Signed with our own key, whatever it says: only the checks beyond the signature are left. */
const signed = (header: unknown, payload: unknown) =>
  signText(`${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}`);
const withText = (from: string, to: string) =>
  signText(`${encode(JSON.stringify(head))}.${encode(JSON.stringify(claims).replace(from, to))}`);

function verifyAt(seconds: number, token: string): string {
  const { now } = createTestClock(seconds * 1_000);
  const verdict = createAccessTokens({ ...options, now }).verify(token);
  return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
}
const verify = (token: string) => verifyAt(start, token);

describe('an access token that we issue (RFC 9068 section 2)', () => {
  const tokens = createAccessTokens({ ...options, now: createTestClock(start * 1_000 + 999).now });
  const issued = tokens.issue(subject);

  it('says what the session is, and nothing of the person', () => {
    const [header, payload] = issued.token.split('.').map((part) => Buffer.from(part, 'base64url'));
    expect(JSON.parse(String(header))).toEqual(head);
    expect(JSON.parse(String(payload))).toEqual(claims);
    expect(issued.expiresIn).toBe(ttl);
    expect(issued.expiresAt).toEqual(new Date((start + ttl) * 1_000));
  });

  it('is verified with the claims that it says', () => {
    expect(tokens.verify(issued.token)).toEqual({ kind: 'verified', claims });
  });

  it('lives no longer than its subject may, and names who acts', () => {
    const short = tokens.issue({ ...subject, longest: 60_000, actorId: subject.userId });
    expect(short.expiresIn).toBe(60);
    expect(tokens.verify(short.token)).toMatchObject({ claims: { act: { sub: subject.userId } } });
  });
});

describe('the verification of an access token (RFC 9068 section 4, RFC 8725)', () => {
  it('ends at its very second, and may begin five seconds early', () => {
    const token = signed(head, claims);
    expect(verifyAt(start + ttl - 1, token)).toBe('verified');
    expect(verifyAt(start + ttl, token)).toBe('TOKEN_EXPIRED');
    expect(verifyAt(start - 5, token)).toBe('verified');
    expect(verifyAt(start - 6, token)).toBe('TOKEN_INVALID');
  });

  it.each<[string, object]>([
    ['alg none', { ...head, alg: 'none' }],
    ['alg in another case', { ...head, alg: 'es256' }],
    ['another algorithm than the key has', { ...head, alg: 'HS256' }],
    ['a key for another algorithm', { ...head, kid: 'rs' }],
    ['the key of HMAC', { ...head, kid: 'hs' }],
    ['no alg', { typ: 'at+jwt', kid: 'es' }],
    ['typ JWT', { ...head, typ: 'JWT' }],
    ['the typ of an identity token', { ...head, typ: 'txntoken+jwt' }],
    ['typ in another case', { ...head, typ: 'AT+JWT' }],
    ['no typ', { alg: 'ES256', kid: 'es' }],
    ['crit (RFC 7515 section 4.1.11)', { ...head, crit: ['exp'] }],
    ['crit that names what we would understand', { ...head, crit: ['typ'] }],
    ['empty crit', { ...head, crit: [] }],
    ['crit null', { ...head, crit: null }],
    ['no kid', { alg: 'ES256', typ: 'at+jwt' }],
    ['an unknown kid', { ...head, kid: 'other' }],
    ['a kid that is a list', { ...head, kid: ['es'] }],
    ['a kid of the prototype', { ...head, kid: 'constructor' }],
  ])('refuses a header with %s', (_name, header) => {
    expect(verify(signed(header, claims))).toBe('TOKEN_INVALID');
  });

  it.each<[string, object]>([
    ['another issuer', { iss: 'https://auth.example.com/' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'other' }],
    ['an audience that is a list', { aud: ['graph'] }],
    ['a list of audiences', { aud: ['graph', 'other'] }],
    ['no audience', { aud: undefined }],
    ['no sub', { sub: undefined }],
    ['a sub that is no id of ours', { sub: 'admin' }],
    ['a sub in capitals', { sub: subject.userId.toUpperCase() }],
    ['a sub with a line after it', { sub: `${subject.userId}\n` }],
    ['no sid', { sid: undefined }],
    ['a sid that is a list', { sid: [subject.sessionId] }],
    ['no jti', { jti: undefined }],
    ['no gen', { gen: undefined }],
    ['gen 0', { gen: 0 }],
    ['gen that is text', { gen: '7' }],
    ['gen with a part', { gen: 1.5 }],
    ['no exp', { exp: undefined }],
    ['exp that is text', { exp: String(claims.exp) }],
    ['exp with a part', { exp: claims.exp - 0.5 }],
    ['exp null', { exp: null }],
    ['exp before iat', { iat: start + 3, exp: start + 2 }],
    ['exp at iat', { iat: start + 3, exp: start + 3 }],
    ['a longer life than we give', { exp: claims.exp + 1 }],
    ['no iat', { iat: undefined }],
    ['iat that is text', { iat: String(start) }],
    ['iat ahead of the clock', { iat: start + 6, exp: start + ttl }],
    ['nbf ahead of the clock', { nbf: start + 6 }],
    ['nbf that is text', { nbf: String(start) }],
    ['no auth_time', { auth_time: undefined }],
    ['a level that we do not know', { acr: 'aal9' }],
    ['no level', { acr: 1 }],
    ['no list of methods', { amr: 'pwd' }],
    ['a method that we do not know', { amr: ['pwd', 'magic'] }],
    ['no client_id', { client_id: undefined }],
    ['a scope that is a list', { scope: ['reviews:read'] }],
    ['no scope', { scope: undefined }],
    ['roles that are text', { roles: 'admin' }],
    ['roles that are numbers', { roles: [1] }],
    ['no roles', { roles: undefined }],
    ['an actor that is text', { act: subject.userId }],
    ['an actor without a sub', { act: {} }],
    ['an actor that is null', { act: null }],
  ])('refuses claims with %s', (_name, change) => {
    expect(verify(signed(head, { ...claims, ...change }))).toBe('TOKEN_INVALID');
  });

  it.each(['1e999', '-1e999', '1e400', '9007199254740993', '1e20'])(
    'refuses exp %s, signed',
    (number) => {
      expect(verify(withText(String(claims.exp), number))).toBe('TOKEN_INVALID');
    },
  );

  it('calls a token expired that lived longer than any of ours, whatever its exp says', () => {
    const old = { ...claims, iat: start - ttl, exp: start + 1 };
    expect(verify(signed(head, old))).toBe('TOKEN_EXPIRED');
  });

  it('takes nbf and a claim that it does not know', () => {
    expect(verify(signed(head, { ...claims, nbf: start + 5, more: 1 }))).toBe('verified');
  });

  it.each<[string, unknown]>([
    ['a list', [claims]],
    ['text', 'claims'],
    ['a number', 1],
    ['null', null],
  ])('finds a payload malformed that is %s', (_name, payload) => {
    expect(verify(signed(head, payload))).toBe('TOKEN_MALFORMED');
  });

  it('refuses what another key signed, and a signature of another form', () => {
    const text = signed(head, claims).split('.').slice(0, 2).join('.');
    const der = sign('sha256', Buffer.from(text), privateKey).toString('base64url');
    const mac = createHmac('sha256', shared).update(text).digest('base64url');
    const zeros = Buffer.alloc(64).toString('base64url');
    expect(verify(signText(text))).toBe('verified');
    expect(verify(signText(text, stranger.privateKey))).toBe('TOKEN_INVALID');
    for (const signature of [der, mac, zeros, 'AA']) {
      expect(verify(`${text}.${signature}`)).toBe('TOKEN_INVALID');
    }
  });

  it('refuses an HMAC that was made with the public key', () => {
    const text = `${encode(JSON.stringify({ ...head, alg: 'HS256' }))}.${encode(JSON.stringify(claims))}`;
    for (const format of ['pem', 'der'] as const) {
      const secret = publicKey.export({ type: 'spki', format } as { type: 'spki'; format: 'pem' });
      const mac = createHmac('sha256', secret).update(text).digest('base64url');
      expect(verify(`${text}.${mac}`)).toBe('TOKEN_INVALID');
    }
  });

  it('accepts the longest that the start lets it issue, whatever signs it', () => {
    const roles = Array.from({ length: 60 }, (_, index) => `role${index}`.padEnd(64, 'r'));
    const rest = grantsBudget - JSON.stringify(roles).length - 1;
    const scopes = Array.from({ length: Math.floor(rest / 41) }, (_, index) =>
      `scope:${index}`.padEnd(40, 's'),
    );
    const { now } = createTestClock(start * 1_000);
    const tokens = createAccessTokens({
      ...options,
      now,
      newId: () => subject.userId,
      issuer: `https://${'i'.repeat(240)}.example.com`,
      audience: 'a'.repeat(255),
      signingKey: () => ({ kid: 'rs', algorithm: 'RS256', key: rsa.privateKey }),
    });
    const { token } = tokens.issue({ ...subject, roles, scopes, actorId: subject.userId });
    expect(token.length).toBeGreaterThan(11_000);
    expect(tokens.verify(token)).toMatchObject({ kind: 'verified', claims: { roles } });
  });

  it('takes one of before a second factor had to be there for no more than adding one', () => {
    const { now } = createTestClock(start * 1_000);
    const { acr: _, ...rest } = subject;
    const lenient = createAccessTokens({ ...options, now });
    const strict = createAccessTokens({ ...options, now, mustHaveSecondFactor: () => true });
    const ofOneFactor = lenient.issue({ ...rest, acr: 'aal1' });
    expect(ofOneFactor.isForEnrolment).toBe(false);
    expect(strict.verify(ofOneFactor.token).kind).toBe('enrolling');
    expect(strict.verify(lenient.issue({ ...rest, acr: 'aal2' }).token).kind).toBe('verified');
    const enrolling = strict.issue({ ...rest, acr: 'aal1' });
    expect(enrolling.isForEnrolment).toBe(true);
    // Whoever has to have one no longer gets a whole token at the next refresh.
    expect(lenient.verify(enrolling.token).kind).toBe('enrolling');
  });

  it('knows one spelling of a token', () => {
    const token = signed(head, claims);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spellings = [...alphabet].map(
      (last) => `${header}.${payload}.${signature.slice(0, -1)}${last}`,
    );
    expect(spellings.filter((each) => verify(each) === 'verified')).toEqual([token]);
    const standard = token.replaceAll('-', '+').replaceAll('_', '/');
    const others = [
      `${token}=`,
      `${token}==`,
      `${header}=.${payload}.${signature}`,
      ` ${token}`,
      `${token}\n`,
    ];
    for (const other of standard === token ? others : [...others, standard]) {
      expect(verify(other)).toBe('TOKEN_MALFORMED');
    }
  });

  it.each([
    '',
    '.',
    '..',
    'a.b',
    'a.b.c',
    'a.b.c.d',
    `${encode('{}')}.${encode('{}')}.`,
    `.${encode('{}')}.AA`,
    `${encode('{')}.${encode('{}')}.AA`,
    'x'.repeat(12_289),
    `${'a'.repeat(4_000_000)}.b.c`,
  ])('finds garbage malformed (%#)', (token) => {
    expect(verify(token)).toBe('TOKEN_MALFORMED');
  });
});
