import assert from 'node:assert/strict';

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the example has no generated types
  readonly data?: any;
  readonly errors?: readonly {
    readonly path?: readonly string[];
    readonly extensions: { readonly code: string; readonly reason?: string };
  }[];
}

/** Asks the gateway as a client would, and prints what comes back. @throws when it is not as README.md says */
export async function tellStory(at: { gateway: string; products: string }): Promise<void> {
  const ask = (query: string, accessToken?: string) =>
    send(`${at.gateway}/graphql`, query, accessToken && { authorization: `Bearer ${accessToken}` });

  tell('1. Nobody asks for products. What needs a scope or a policy is null.');
  const nobody = await ask('{ products { name price cost successor } }');
  show(nobody);
  assert.deepEqual(nobody.data.products[0], {
    name: 'Kettle',
    price: 40,
    cost: null,
    successor: null,
  });
  assert.equal(nobody.errors?.[0]?.extensions.code, 'UNAUTHORIZED_FIELD_OR_TYPE');

  tell('2. Ada registers.');
  const registered = await ask(`mutation {
    register(input: {
      email: "ada@example.com", username: "ada", password: "correct horse battery staple", delivery: BODY
    }) { accessToken user { id username roles } }
  }`);
  const { accessToken, user } = registered.data.register;
  show({ data: { user } });

  tell('3. She reviews the kettle. The subgraph learns from the gateway who she is.');
  const review = 'mutation { review(product: "p1", body: "Boils.") { id author { username } } }';
  assert.equal((await ask(review)).data, null);
  const reviewed = await ask(review, accessToken);
  show(reviewed);
  assert.equal(reviewed.data.review.author.username, 'ada');

  tell('4. One query across three subgraphs: auth, reviews, products.');
  const across = await ask(
    '{ me { username reviews { body product { name cost successor reviews { body } } } } }',
    accessToken,
  );
  show(across);
  assert.deepEqual(across, {
    data: {
      me: {
        username: 'ada',
        reviews: [
          {
            body: 'Boils.',
            product: {
              name: 'Kettle',
              cost: 12,
              successor: 'Kettle that sings',
              reviews: [{ body: 'Boils.' }],
            },
          },
        ],
      },
    },
  });

  tell('5. Somebody who reaches the subgraph past the gateway, and says to be Ada.');
  const forged = await send(at.products, '{ products { cost } }', { 'x-user-id': user.id });
  show(forged);
  assert.equal(forged.errors?.[0]?.extensions.reason, 'TOKEN_MISSING');
}

async function send(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>> | '' | undefined,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(headers || {}) },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Answer;
}

function tell(line: string): void {
  process.stdout.write(`\n${line}\n`);
}

function show(answer: Answer): void {
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
}
