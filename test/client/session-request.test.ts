import { parse, print } from 'graphql';
import type { Pass, Passes } from '../../src/client/passes.ts';
import { createSessionRequest } from '../../src/client/session-request.ts';

const query = 'query Me { me { email } }';

describe('session.request', () => {
  const sent: string[] = [];
  const request = createSessionRequest(passes(), {
    url: 'https://auth.example.com/graphql',
    headers: {},
    async fetch(_, init) {
      sent.push(JSON.parse(`${init?.body}`).query);
      return Response.json({ data: { me: null } });
    },
  });
  beforeEach(() => {
    sent.length = 0;
  });

  it.each([
    ['a text', query],
    ['a document that knows its text, as `gql` makes it', parse(query)],
    ['an object that is a text, as code generators make it', Object.assign(new String(query), {})],
  ])('sends %s', async (_, document) => {
    expect(await request(document)).toEqual({ me: null });
    expect(sent).toEqual([query]);
  });

  it('sends no document that has lost its text, and says what to give', async () => {
    const document = parse(query, { noLocation: true });
    await expect(request(document)).rejects.toThrow(/print\(document\)/);
    expect(sent).toEqual([]);
    await request(print(document));
    expect(sent).toHaveLength(1);
  });
});

function passes(): Passes {
  const { signal } = new AbortController();
  const pass: Pass = { token: null, signal, lasting: signal };
  return { take: () => pass, isRefused: () => false, onToken: () => () => {} };
}
