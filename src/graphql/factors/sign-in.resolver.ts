import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { BeginFactors } from '../../factors/begin-step-up.ts';
import type { CompleteSignIn } from '../../factors/complete-sign-in.ts';
import type { StepUp } from '../../factors/step-up.ts';
import type { SignedIn } from '../../sessions/signed-in.ts';
import {
  assertHolder,
  type GraphQLContext,
  guestOf,
  guestToUpgrade,
  requireEnroller,
  selfOf,
} from '../context.ts';
import { toAuthPayload } from '../sessions/auth-payload.ts';
import { deviceFor } from '../sessions/device-for.ts';
import { AuthPayload } from '../sessions/session.types.ts';
import { TokenDelivery } from '../sessions/token-delivery.ts';
import { BeginStepUpInput, CompleteSignInInput, StepUpInput } from './factor.inputs.ts';
import { StepUpOptions, StepUpPayload } from './factor.types.ts';
import { givenFactorIn, givenIn } from './given-factor.ts';

export interface SecondFactorUseCases
  extends Pick<BeginFactors, 'beginStepUp' | 'beginSecondFactor'> {
  readonly completeSignIn: CompleteSignIn<SignedIn>;
  readonly stepUp: StepUp;
}

@Resolver()
export class SecondFactorResolver {
  private readonly useCases: SecondFactorUseCases;

  constructor(useCases: SecondFactorUseCases) {
    this.useCases = useCases;
  }

  @Mutation(() => AuthPayload, {
    description: 'Completes a sign-in that asked for a second factor.',
  })
  async completeSignIn(
    @Arg('input', () => CompleteSignInInput) input: CompleteSignInInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    const device = deviceFor(input.delivery, context);
    const { client, pendingSignInCookie } = context;
    // What came in a cookie opens what goes into a cookie: a script in the page can't trade the one for a
    // token that it can read.
    const isInCookie = input.delivery === TokenDelivery.COOKIE;
    const signedIn = await this.useCases.completeSignIn({
      challenge: input.challenge ?? (isInCookie ? pendingSignInCookie.read() : ''),
      given: givenFactorIn(input),
      client,
      device,
      locale: context.locale(),
      guest: guestToUpgrade(context),
    });
    if (isInCookie) pendingSignInCookie.clear();
    return toAuthPayload(signedIn, input.delivery, context);
  }

  // A mutation, for a passkey's part of it works once.
  @Mutation(() => StepUpOptions, {
    description:
      'How I can show once more who I am; or, of a sign-in that is to be completed, how that goes on.',
  })
  async beginStepUp(
    @Arg('input', () => BeginStepUpInput, { nullable: true }) input: BeginStepUpInput | null,
    @Ctx() context: GraphQLContext,
  ): Promise<StepUpOptions> {
    // Who is signed in asks for themselves, whoever began to sign in here and went away.
    const isSignedIn = !guestOf(context) && (context.user || selfOf(context));
    const pending = isSignedIn ? '' : context.pendingSignInCookie.read();
    const challenge = input?.challenge ?? pending;
    if (challenge !== '') return this.useCases.beginSecondFactor(challenge);
    return this.useCases.beginStepUp(assertHolder(requireEnroller(context)).id);
  }

  @Mutation(() => StepUpPayload, {
    description: 'Shows once more who I am, for what asks for more, or for something fresh.',
  })
  async stepUp(
    @Arg('input', () => StepUpInput) input: StepUpInput,
    @Ctx() context: GraphQLContext,
  ): Promise<StepUpPayload> {
    const {
      id: userId,
      sessionId,
      generation,
      acr,
      amr,
      authTime,
    } = assertHolder(requireEnroller(context));
    const { client, deviceCookie } = context;
    const { accessToken, ...shown } = await this.useCases.stepUp({
      userId,
      sessionId,
      generation,
      shown: { acr, amr, authTime },
      given: givenIn(input),
      client,
      device: deviceCookie.read(),
    });
    return {
      accessToken: accessToken.token,
      tokenType: 'Bearer',
      expiresIn: accessToken.expiresIn,
      expiresAt: accessToken.expiresAt,
      acr: shown.acr,
      authenticatedAt: shown.authenticatedAt,
    };
  }
}
