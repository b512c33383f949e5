import { readSession } from 'graphql-gatehouse-client/server';

const url = `http://localhost:${process.env.PORT ?? 4000}/graphql`;
const secret = process.env.TOKEN_EXCHANGE_SECRET ?? '';
const query = '{ me { email } sessions { nodes { id browser current } } }';

interface Account {
  readonly me: { readonly email: string } | null;
  readonly sessions: {
    readonly nodes: readonly { id: string; browser: string | null; current: boolean }[];
  };
}

/** Who is signed in in the browser that asks for a page, and what the page shows of them. */
export async function readAccount(request: Request) {
  const { state, fetch } = await readSession(request, { url, secret });
  if (!state.user) return { state, account: null };
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await answer.json()) as { data?: Account | null };
  return { state, account: data ?? null };
}
