import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { BeginTotpSetup } from '../../factors/begin-totp-setup.ts';
import type { ConfirmTotpSetup } from '../../factors/confirm-totp-setup.ts';
import type { FactorCommand } from '../../factors/factor-change.ts';
import type { ListAuthenticators } from '../../factors/list-authenticators.ts';
import type { RegenerateRecoveryCodes } from '../../factors/regenerate-recovery-codes.ts';
import type { RemoveAuthenticator } from '../../factors/remove-authenticator.ts';
import {
  assertHolder,
  type CurrentUser,
  type GraphQLContext,
  requireEnroller,
  requireHolder,
  requireUser,
  selfOf,
} from '../context.ts';
import { toAuthenticators } from './authenticators.ts';
import { ConfirmTotpSetupInput, RemoveAuthenticatorInput } from './factor.inputs.ts';
import {
  Authenticators,
  BeginTotpSetupPayload,
  ConfirmTotpSetupPayload,
  RegenerateRecoveryCodesPayload,
  RemoveAuthenticatorPayload,
} from './factor.types.ts';

export interface FactorUseCases {
  readonly listAuthenticators: ListAuthenticators;
  readonly beginTotpSetup: BeginTotpSetup;
  readonly confirmTotpSetup: ConfirmTotpSetup;
  readonly regenerateRecoveryCodes: RegenerateRecoveryCodes;
  readonly removeAuthenticator: RemoveAuthenticator;
}

/** What my account is opened with. Who acts in somebody's place changes nothing of it. */
@Resolver()
export class FactorResolver {
  private readonly useCases: FactorUseCases;

  constructor(useCases: FactorUseCases) {
    this.useCases = useCases;
  }

  // Without `@Authorized`: whoever has to add a factor first sees what there is.
  @Query(() => Authenticators)
  async authenticators(@Ctx() context: GraphQLContext): Promise<Authenticators> {
    return this.authenticatorsOf(assertHolder(selfOf(context) ?? requireUser(context)).id);
  }

  @Mutation(() => BeginTotpSetupPayload, {
    description: 'Makes a secret for an app. It counts once a code was made with it.',
  })
  async beginTotpSetup(@Ctx() context: GraphQLContext): Promise<BeginTotpSetupPayload> {
    return this.useCases.beginTotpSetup(enrolmentOf(context));
  }

  @Mutation(() => ConfirmTotpSetupPayload, {
    description: 'Makes the codes of the app a second factor of mine.',
  })
  async confirmTotpSetup(
    @Arg('input', () => ConfirmTotpSetupInput) { code }: ConfirmTotpSetupInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ConfirmTotpSetupPayload> {
    const command = enrolmentOf(context);
    const recoveryCodes = await this.useCases.confirmTotpSetup({ ...command, code });
    return { recoveryCodes, authenticators: await this.authenticatorsOf(command.userId) };
  }

  @Mutation(() => RegenerateRecoveryCodesPayload)
  async regenerateRecoveryCodes(
    @Ctx() context: GraphQLContext,
  ): Promise<RegenerateRecoveryCodesPayload> {
    return { recoveryCodes: await this.useCases.regenerateRecoveryCodes(commandOf(context)) };
  }

  @Mutation(() => RemoveAuthenticatorPayload)
  async removeAuthenticator(
    @Arg('input', () => RemoveAuthenticatorInput) { id }: RemoveAuthenticatorInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RemoveAuthenticatorPayload> {
    const command = commandOf(context);
    await this.useCases.removeAuthenticator({ ...command, id });
    return { authenticators: await this.authenticatorsOf(command.userId) };
  }

  private async authenticatorsOf(userId: string): Promise<Authenticators> {
    return toAuthenticators(await this.useCases.listAuthenticators(userId));
  }
}

/** @throws AccessRefused, ImpersonationRefused, AccountRequired */
function commandOf(context: GraphQLContext): FactorCommand {
  return toCommand(requireHolder(context), context);
}

/** Of what adds a factor to an account. @throws AccessRefused, ImpersonationRefused, AccountRequired */
function enrolmentOf(context: GraphQLContext): FactorCommand {
  return toCommand(assertHolder(requireEnroller(context)), context);
}

/** Of a passkey, which makes a guest an account. @throws AccessRefused, ImpersonationRefused */
export function passkeyCommandOf(context: GraphQLContext): FactorCommand {
  return toCommand(requireEnroller(context), context);
}

function toCommand(
  { id: userId, sessionId, acr, amr, authTime }: CurrentUser,
  context: GraphQLContext,
): FactorCommand {
  const { client } = context;
  return { userId, sessionId, shown: { acr, amr, authTime }, client, locale: context.locale() };
}
