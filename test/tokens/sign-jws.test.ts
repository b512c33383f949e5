import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { jwtVerify } from 'jose';
import jwt from 'jsonwebtoken';
import { createSignJws } from '../../src/tokens/sign-jws.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const secret = createSecretKey(randomBytes(32));
const claims = { iss: 'https://auth.example.com', sub: 'ada', name: 'Ädä 🦄', roles: ['user'] };

describe('a JWS that we make', () => {
  it.each([
    ['ES256', ec.privateKey, ec.publicKey],
    ['RS256', rsa.privateKey, rsa.publicKey],
    ['HS256', secret, secret],
  ] as const)('verifies with others, by %s', async (algorithm, key, verificationKey) => {
    const token = createSignJws('at+jwt')(claims, { kid: 'k1', algorithm, key });
    const { payload, protectedHeader } = await jwtVerify(token, verificationKey, {
      algorithms: [algorithm],
    });
    expect(payload).toEqual(claims);
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: 'k1' });
    expect(jwt.verify(token, verificationKey, { algorithms: [algorithm] })).toEqual(claims);
    const [head, , signature] = token.split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, sub: 'eve' })).toString('base64url');
    const altered = `${head}.${other}.${signature}`;
    await expect(jwtVerify(altered, verificationKey)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  it('names the key that signs, also after another one did', () => {
    const sign = createSignJws('at+jwt');
    const kids = ['k1', 'k2', 'k1'].map((kid) => {
      const token = sign(claims, { kid, algorithm: 'ES256', key: ec.privateKey });
      return jwt.decode(token, { complete: true })?.header.kid;
    });
    expect(kids).toEqual(['k1', 'k2', 'k1']);
  });
});
