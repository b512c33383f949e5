import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { BeginPasskeySetup } from '../../factors/begin-passkey-setup.ts';
import type { BeginFactors } from '../../factors/begin-step-up.ts';
import type { CompletePasskeySetup } from '../../factors/complete-passkey-setup.ts';
import type { RenamePasskey } from '../../factors/rename-passkey.ts';
import type { SignInWithPasskey } from '../../factors/sign-in-with-passkey.ts';
import type { SignedIn } from '../../sessions/signed-in.ts';
import { type GraphQLContext, guestToUpgrade, requireHolder } from '../context.ts';
import { toAuthPayload } from '../sessions/auth-payload.ts';
import { deviceFor } from '../sessions/device-for.ts';
import { AuthPayload } from '../sessions/session.types.ts';
import { toPasskey } from './authenticators.ts';
import {
  CompletePasskeySetupInput,
  RenamePasskeyInput,
  SignInWithPasskeyInput,
} from './factor.inputs.ts';
import { passkeyCommandOf } from './factor.resolver.ts';
import { PasskeyCeremony, PasskeyPayload } from './factor.types.ts';

export interface PasskeyUseCases extends Pick<BeginFactors, 'beginPasskeySignIn'> {
  readonly beginPasskeySetup: BeginPasskeySetup;
  readonly completePasskeySetup: CompletePasskeySetup;
  readonly renamePasskey: RenamePasskey;
  readonly signInWithPasskey: SignInWithPasskey<SignedIn>;
}

@Resolver()
export class PasskeyResolver {
  private readonly useCases: PasskeyUseCases;

  constructor(useCases: PasskeyUseCases) {
    this.useCases = useCases;
  }

  @Mutation(() => PasskeyCeremony, { description: 'Begins to make a passkey of mine.' })
  async beginPasskeySetup(@Ctx() context: GraphQLContext): Promise<PasskeyCeremony> {
    return this.useCases.beginPasskeySetup(passkeyCommandOf(context));
  }

  @Mutation(() => PasskeyPayload, {
    description: 'Makes the passkey one of mine. It makes a guest an account, with the same id.',
  })
  async completePasskeySetup(
    @Arg('input', () => CompletePasskeySetupInput) input: CompletePasskeySetupInput,
    @Ctx() context: GraphQLContext,
  ): Promise<PasskeyPayload> {
    const { ceremony, response, name = null } = input;
    const command = { ...passkeyCommandOf(context), ceremony, response, name };
    const { passkey, recoveryCodes } = await this.useCases.completePasskeySetup(command);
    return { passkey: toPasskey(passkey), recoveryCodes };
  }

  @Mutation(() => PasskeyPayload)
  async renamePasskey(
    @Arg('input', () => RenamePasskeyInput) { id, name }: RenamePasskeyInput,
    @Ctx() context: GraphQLContext,
  ): Promise<PasskeyPayload> {
    const { id: userId, sessionId } = requireHolder(context);
    const passkey = await this.useCases.renamePasskey({ userId, sessionId, id, name });
    return { passkey: toPasskey(passkey), recoveryCodes: [] };
  }

  // A mutation, for what it begins works once.
  @Mutation(() => PasskeyCeremony, {
    description: 'Begins a sign-in with any passkey that a device has. It names nobody.',
  })
  beginPasskeySignIn(): PasskeyCeremony {
    return this.useCases.beginPasskeySignIn();
  }

  @Mutation(() => AuthPayload)
  async signInWithPasskey(
    @Arg('input', () => SignInWithPasskeyInput) { passkey, delivery }: SignInWithPasskeyInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    const device = deviceFor(delivery, context);
    const signedIn = await this.useCases.signInWithPasskey({
      given: { method: 'PASSKEY', ...passkey },
      client: context.client,
      device,
      locale: context.locale(),
      guest: guestToUpgrade(context),
    });
    return toAuthPayload(signedIn, delivery, context);
  }
}
