import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { SignInAsGuest } from '../../guests/sign-in-as-guest.ts';
import type { SignedIn } from '../../sessions/signed-in.ts';
import type { GraphQLContext } from '../context.ts';
import { toAuthPayload } from '../sessions/auth-payload.ts';
import { deviceFor } from '../sessions/device-for.ts';
import { AuthPayload } from '../sessions/session.types.ts';
import { SignInAsGuestInput } from './guest.inputs.ts';

export interface GuestUseCases {
  readonly signInAsGuest: SignInAsGuest<SignedIn>;
}

@Resolver()
export class GuestResolver {
  private readonly useCases: GuestUseCases;

  constructor(useCases: GuestUseCases) {
    this.useCases = useCases;
  }

  @Mutation(() => AuthPayload, {
    description:
      'Goes on without an account. It can be made one later, with the same id, by what makes accounts.',
  })
  async signInAsGuest(
    @Arg('input', () => SignInAsGuestInput) { delivery }: SignInAsGuestInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    deviceFor(delivery, context);
    const { client } = context;
    const signedIn = await this.useCases.signInAsGuest({ client, locale: context.locale() });
    return toAuthPayload(signedIn, delivery, context);
  }
}
