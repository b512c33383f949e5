import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestMail } from '../../accounts/request-mail.ts';
import type { ChangePassword } from '../../passwords/change-password.ts';
import type { ResetPassword } from '../../passwords/reset-password.ts';
import { confirmationOf } from '../confirmation.ts';
import { type GraphQLContext, selfOf } from '../context.ts';
import {
  ChangePasswordInput,
  RequestPasswordResetInput,
  ResetPasswordInput,
} from './password.inputs.ts';
import {
  ChangePasswordPayload,
  RequestPasswordResetPayload,
  ResetPasswordPayload,
} from './password.types.ts';

export interface PasswordUseCases {
  readonly changePassword: ChangePassword;
  readonly requestPasswordReset: RequestMail;
  readonly resetPassword: ResetPassword;
}

@Resolver()
export class PasswordResolver {
  private readonly useCases: PasswordUseCases;

  constructor(useCases: PasswordUseCases) {
    this.useCases = useCases;
  }

  @Mutation(() => ChangePasswordPayload, {
    description: 'Sets a new password, and signs all my devices out but this one.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput) input: ChangePasswordInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ChangePasswordPayload> {
    const { currentPassword, newPassword } = input;
    const confirmation = confirmationOf(context, currentPassword);
    const command = { ...confirmation, newPassword, locale: context.locale() };
    const { ended, remembered } = await this.useCases.changePassword(command);
    const { deviceCookie } = context;
    const isKnown = deviceCookie.read()?.accounts.some(({ id }) => id === remembered.id);
    if (isKnown) deviceCookie.remember(remembered);
    return { revokedCount: ended };
  }

  @Mutation(() => RequestPasswordResetPayload, {
    description:
      'Asks for a mail with a link. The answer does not tell whether there is an account.',
  })
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput) { email }: RequestPasswordResetInput,
    @Ctx() { client, locale }: GraphQLContext,
  ): Promise<RequestPasswordResetPayload> {
    await this.useCases.requestPasswordReset({ email, client, locale: locale() });
    return { success: true };
  }

  @Mutation(() => ResetPasswordPayload, {
    description: 'Sets a new password with the token of the mail, and signs every device out.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput) { token, newPassword }: ResetPasswordInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ResetPasswordPayload> {
    const { client, registrantCookie, locale } = context;
    const prover = { signedIn: selfOf(context), isRegistrant: registrantCookie.isOf };
    await this.useCases.resetPassword({
      ...prover,
      token,
      newPassword,
      client,
      locale: locale(),
    });
    return { success: true };
  }
}
