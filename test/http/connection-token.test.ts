import { readConnectionToken } from '../../src/http/connection-token.ts';

const read = (authorization: string | undefined) => ({ kind: 'read', authorization });

describe('the token of a WebSocket connection', () => {
  it.each([
    [{ authorization: 'Bearer abc' }],
    [{ Authorization: 'Bearer abc' }],
    [{ AUTHORIZATION: 'Bearer abc' }],
    [{ headers: { authorization: 'Bearer abc' } }],
    [{ headers: { Authorization: 'Bearer abc' } }],
    [{ Headers: { Authorization: 'Bearer abc' }, authorization: 'Bearer abc' }],
    [{ authToken: 'abc' }],
    [{ authToken: 'Bearer abc' }],
    [{ auth_token: 'abc' }],
    [{ accessToken: 'abc' }],
    [{ token: 'abc' }],
    [{ headers: { 'auth-token': 'abc' }, clientName: 'web' }],
  ])('is read as %j spells it', (payload) => {
    expect(readConnectionToken(payload)).toEqual(read('Bearer abc'));
  });

  it.each([
    [undefined],
    [null],
    [{}],
    [{ authorization: '' }],
    [{ authorization: null }],
    [{ authToken: undefined }],
    [{ headers: null }],
    [{ headers: 'none' }],
    [{ clientName: 'web', csrfToken: 'x', author: 'ada', authorId: 1, locale: 'de' }],
  ])('is nobody’s in %j', (payload) => {
    expect(readConnectionToken(payload)).toEqual(read(undefined));
  });

  it.each([
    [{ jwt: 'abc' }, 'belongs under `authorization`'],
    [{ Bearer: 'abc' }, 'belongs under `authorization`'],
    [{ authentication: 'abc' }, 'belongs under `authorization`'],
    [{ authorisation: 'abc' }, 'belongs under `authorization`'],
    [{ headers: { 'x-auth': 'abc' } }, 'belongs under `authorization`'],
    [{ authorization: { token: 'abc' } }, 'must be text'],
    [{ authToken: 42 }, 'must be text'],
    [{ authorization: 'Bearer abc', authToken: 'xyz' }, 'Two tokens that differ'],
  ])('is told, not ignored, where it stands as in %j', (payload, problem) => {
    const reading = readConnectionToken(payload);
    expect(reading).toEqual({ kind: 'unclear', problem: expect.stringContaining(problem) });
    // What a close frame holds (RFC 6455 section 5.5).
    expect(JSON.stringify(reading)).not.toMatch(/abc|xyz|.{124}/);
  });

  it('is that of the upgrade where the connection shows none, and the proxy’s own never', () => {
    const handshake = { authorization: 'Bearer abc' };
    expect(readConnectionToken({}, handshake)).toEqual(read('Bearer abc'));
    expect(readConnectionToken({ token: 'xyz' }, handshake)).toEqual(read('Bearer xyz'));
    expect(readConnectionToken({}, { authorization: 'Basic YTpi' })).toEqual(read(undefined));
  });
});
