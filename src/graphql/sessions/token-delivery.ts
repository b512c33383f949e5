import { registerEnumType } from 'type-graphql';

export const TokenDelivery = { COOKIE: 'COOKIE', BODY: 'BODY' } as const;
export type TokenDelivery = keyof typeof TokenDelivery;

registerEnumType(TokenDelivery, {
  name: 'TokenDelivery',
  description: 'How the refresh token reaches the client.',
  valuesConfig: {
    COOKIE: { description: 'In an HttpOnly cookie, which no script can read. For browsers.' },
    BODY: { description: 'In the answer. For clients that keep no cookies.' },
  },
});
