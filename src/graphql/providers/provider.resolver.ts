import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { FactorCommand } from '../../factors/factor-change.ts';
import type { BeginFlow, BegunFlow, GivenBinding } from '../../providers/begin-flow.ts';
import type { ShownBinding } from '../../providers/binding.ts';
import type { CompleteProviderSignIn } from '../../providers/complete-provider-sign-in.ts';
import type { IdentityStore } from '../../providers/identity-store.ts';
import type { LinkIdentity } from '../../providers/link-identity.ts';
import type { OpeningByIdentity } from '../../providers/opening.ts';
import type { SignInWithIdToken } from '../../providers/sign-in-with-id-token.ts';
import type { UnlinkIdentity } from '../../providers/unlink-identity.ts';
import type { SignedIn } from '../../sessions/signed-in.ts';
import { PrivateField } from '../accounts/private-field.ts';
import { User } from '../accounts/user.type.ts';
import { type GraphQLContext, guestToUpgrade, requireHolder } from '../context.ts';
import { toAuthPayload } from '../sessions/auth-payload.ts';
import { deviceFor } from '../sessions/device-for.ts';
import { pendingInCookie } from '../sessions/pending-in-cookie.ts';
import { AuthPayload } from '../sessions/session.types.ts';
import { TokenDelivery } from '../sessions/token-delivery.ts';
import {
  BeginProviderLinkInput,
  BeginProviderSignInInput,
  CompleteProviderLinkInput,
  CompleteProviderSignInInput,
  SignInWithIdTokenInput,
  UnlinkIdentityInput,
} from './provider.inputs.ts';
import {
  BegunProviderSignIn,
  CompleteProviderLinkPayload,
  LinkedIdentity,
  toLinkedIdentity,
  UnlinkIdentityPayload,
} from './provider.types.ts';

export interface ProviderUseCases {
  readonly beginFlow: BeginFlow;
  readonly completeProviderSignIn: CompleteProviderSignIn<SignedIn>;
  readonly linkIdentity: LinkIdentity;
  readonly unlinkIdentity: UnlinkIdentity;
  readonly signInWithIdToken: SignInWithIdToken<SignedIn>;
  readonly listIdentities: IdentityStore['list'];
}

@Resolver(() => User)
export class ProviderResolver {
  private readonly useCases: ProviderUseCases;

  constructor(useCases: ProviderUseCases) {
    this.useCases = useCases;
  }

  @FieldResolver(() => [LinkedIdentity], {
    description: 'The accounts at providers with which this one is opened.',
  })
  async identities(@Root() { id, isReference }: User): Promise<readonly LinkedIdentity[]> {
    if (isReference) throw new PrivateField();
    return (await this.useCases.listIdentities(id)).map(toLinkedIdentity);
  }

  @Mutation(() => BegunProviderSignIn, { description: 'Begins a sign-in at a provider.' })
  async beginProviderSignIn(
    @Arg('input', () => BeginProviderSignInInput) input: BeginProviderSignInInput,
    @Ctx() context: GraphQLContext,
  ): Promise<BegunProviderSignIn> {
    deviceFor(input.delivery, context);
    return begun(await this.useCases.beginFlow(flowOf(input, context), null), context);
  }

  @Mutation(() => AuthPayload, {
    description:
      'Signs in with what the provider has shown; with a new account where there is none.',
  })
  async completeProviderSignIn(
    @Arg('input', () => CompleteProviderSignInInput) input: CompleteProviderSignInInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    const { code, delivery } = input;
    const device = deviceFor(delivery, context);
    // What a cookie binds goes into a cookie, and nothing else does: a script in the page can't trade it
    // for a token that it can read, nor a stranger's verifier for a cookie.
    const binding = shownBinding(delivery === TokenDelivery.COOKIE ? null : input, context);
    const command = { code, binding, ...openingFrom(context, delivery, device) };
    const signedIn = await this.useCases.completeProviderSignIn(command).catch((error: unknown) => {
      throw pendingInCookie(error, delivery, context);
    });
    return toAuthPayload(signedIn, delivery, context);
  }

  @Mutation(() => AuthPayload, {
    description:
      'For apps with the SDK of a provider: signs in with an ID token, which works once.',
  })
  async signInWithIdToken(
    @Arg('input', () => SignInWithIdTokenInput) input: SignInWithIdTokenInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    const { delivery, ...given } = input;
    const device = deviceFor(delivery, context);
    const command = { ...given, ...openingFrom(context, delivery, device) };
    const signedIn = await this.useCases.signInWithIdToken(command).catch((error: unknown) => {
      throw pendingInCookie(error, delivery, context);
    });
    return toAuthPayload(signedIn, delivery, context);
  }

  @Mutation(() => BegunProviderSignIn, {
    description: 'Begins to link an account at a provider to mine.',
  })
  async beginProviderLink(
    @Arg('input', () => BeginProviderLinkInput) input: BeginProviderLinkInput,
    @Ctx() context: GraphQLContext,
  ): Promise<BegunProviderSignIn> {
    const command = commandOf(context);
    deviceFor(input.delivery, context);
    const flow = flowOf(input, context);
    return begun(await this.useCases.linkIdentity.begin({ ...command, ...flow }), context);
  }

  @Mutation(() => CompleteProviderLinkPayload, {
    description: 'Links it. From then on it opens my account.',
  })
  async completeProviderLink(
    @Arg('input', () => CompleteProviderLinkInput) input: CompleteProviderLinkInput,
    @Ctx() context: GraphQLContext,
  ): Promise<CompleteProviderLinkPayload> {
    const command = commandOf(context);
    const binding = shownBinding(input.codeVerifier == null ? null : input, context);
    const { code } = input;
    const identity = await this.useCases.linkIdentity.complete({ ...command, code, binding });
    return { identity: toLinkedIdentity(identity) };
  }

  @Mutation(() => UnlinkIdentityPayload, {
    description: 'Lets an account at a provider open mine no more.',
  })
  async unlinkIdentity(
    @Arg('input', () => UnlinkIdentityInput) { id }: UnlinkIdentityInput,
    @Ctx() context: GraphQLContext,
  ): Promise<UnlinkIdentityPayload> {
    const command = commandOf(context);
    await this.useCases.unlinkIdentity({ ...command, id });
    const left = await this.useCases.listIdentities(command.userId);
    return { identities: left.map(toLinkedIdentity) };
  }
}

function openingFrom(
  context: GraphQLContext,
  delivery: TokenDelivery,
  device: OpeningByIdentity['device'],
): OpeningByIdentity {
  const { client, registrantCookie } = context;
  return {
    client,
    device,
    locale: context.locale(),
    guest: guestToUpgrade(context),
    remember(registration) {
      if (delivery === TokenDelivery.COOKIE) registrantCookie.remember(registration);
    },
  };
}

/** @throws AccessRefused, ImpersonationRefused, AccountRequired */
function commandOf(context: GraphQLContext): FactorCommand {
  const { id: userId, sessionId, acr, amr, authTime } = requireHolder(context);
  const { client } = context;
  return { userId, sessionId, shown: { acr, amr, authTime }, client, locale: context.locale() };
}

/** @param app where it is no browser with its cookie */
function shownBinding(
  app: { readonly codeVerifier?: string | null } | null,
  { providerCookie }: GraphQLContext,
): ShownBinding {
  return app
    ? { kind: 'challenge', secret: app.codeVerifier ?? '' }
    : { kind: 'cookie', secret: providerCookie.read() };
}

function flowOf(
  { provider, returnTo, delivery, codeChallenge = null, maxAge = null }: BeginProviderSignInInput,
  { client, providerCookie }: GraphQLContext,
) {
  const binding: GivenBinding =
    delivery === TokenDelivery.COOKIE
      ? { kind: 'cookie', known: providerCookie.read() }
      : { kind: 'challenge', challenge: codeChallenge };
  return { provider, returnTo, binding, maxAge, ip: client.ip };
}

/** The cookie outlives what was begun by the minute in which it can be completed. */
function begun(
  { url, expiresAt, cookie }: BegunFlow,
  { providerCookie }: GraphQLContext,
): BegunProviderSignIn {
  const minute = 60_000;
  if (cookie !== undefined) {
    providerCookie.write(cookie, new Date(expiresAt.getTime() + minute));
  }
  return { url, expiresAt };
}
