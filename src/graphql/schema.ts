import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import type { SessionEvents } from '../sessions/session-events.ts';
import { AccountResolver, type AccountUseCases } from './accounts/account.resolver.ts';
import { EmailChangeResolver, type EmailChangeUseCases } from './accounts/email-change.resolver.ts';
import {
  PersonalDataResolver,
  type PersonalDataUseCases,
} from './accounts/personal-data.resolver.ts';
import { UserResolver } from './accounts/user.resolver.ts';
import { checkAuthorization } from './authorization.ts';
import {
  EmailSignInResolver,
  type EmailSignInUseCases,
} from './email-sign-in/email-sign-in.resolver.ts';
import { ErrorExtensions } from './error-extensions.type.ts';
import { FactorResolver, type FactorUseCases } from './factors/factor.resolver.ts';
import { PasskeyResolver, type PasskeyUseCases } from './factors/passkey.resolver.ts';
import { SecondFactorResolver, type SecondFactorUseCases } from './factors/sign-in.resolver.ts';
import { GuestResolver, type GuestUseCases } from './guests/guest.resolver.ts';
import { PasswordResolver, type PasswordUseCases } from './passwords/password.resolver.ts';
import { ProviderResolver, type ProviderUseCases } from './providers/provider.resolver.ts';
import { DeviceResolver, type DeviceUseCases } from './sessions/device.resolver.ts';
import { SessionResolver, type SessionUseCases } from './sessions/session.resolver.ts';
import { SessionEventResolver } from './sessions/session-event.resolver.ts';
import {
  SignInOptionsResolver,
  type SignInOptionsUseCases,
} from './sessions/sign-in-options.resolver.ts';

/** What subscriptions listen to. */
export interface Feeds {
  readonly sessionEvents: Pick<SessionEvents, 'of'>;
}

export type UseCases = Feeds &
  SessionUseCases &
  DeviceUseCases &
  SignInOptionsUseCases &
  AccountUseCases &
  EmailChangeUseCases &
  PasswordUseCases &
  FactorUseCases &
  SecondFactorUseCases &
  GuestUseCases &
  PasskeyUseCases &
  ProviderUseCases &
  EmailSignInUseCases &
  PersonalDataUseCases;

/** Builds the public schema over the use cases. */
export function createSchema(useCases: UseCases): GraphQLSchema {
  const instances = new Map<unknown, object>([
    [UserResolver, new UserResolver()],
    [SessionResolver, new SessionResolver(useCases)],
    [AccountResolver, new AccountResolver(useCases)],
    [EmailChangeResolver, new EmailChangeResolver(useCases)],
    [PersonalDataResolver, new PersonalDataResolver(useCases)],
    [PasswordResolver, new PasswordResolver(useCases)],
    [FactorResolver, new FactorResolver(useCases)],
    [PasskeyResolver, new PasskeyResolver(useCases)],
    [ProviderResolver, new ProviderResolver(useCases)],
    [EmailSignInResolver, new EmailSignInResolver(useCases)],
    [SecondFactorResolver, new SecondFactorResolver(useCases)],
    [GuestResolver, new GuestResolver(useCases)],
    [DeviceResolver, new DeviceResolver(useCases)],
    [SignInOptionsResolver, new SignInOptionsResolver(useCases)],
    [SessionEventResolver, new SessionEventResolver()],
  ]);
  return buildSchemaSync({
    resolvers: [
      SessionEventResolver,
      UserResolver,
      SessionResolver,
      DeviceResolver,
      SignInOptionsResolver,
      AccountResolver,
      EmailChangeResolver,
      PasswordResolver,
      FactorResolver,
      SecondFactorResolver,
      PasskeyResolver,
      GuestResolver,
      ProviderResolver,
      EmailSignInResolver,
      PersonalDataResolver,
    ],
    container: { get: (resolver) => instances.get(resolver) },
    orphanedTypes: [ErrorExtensions],
    // The topic of an account's events is its id. Publishing is left to who makes them.
    pubSub: {
      subscribe: (userId) => useCases.sessionEvents.of(userId),
      publish() {},
    },
    authChecker: checkAuthorization,
    // The domains check what comes in. TypeGraphQL's own validation would repeat the input in its answer.
    validate: false,
    // Apollo Server validates the schema anyway; this would ask it for all of itself at each start.
    skipCheck: true,
  });
}
