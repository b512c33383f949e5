import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestMail } from '../../accounts/request-mail.ts';
import type { VerifyEmail } from '../../accounts/verify-email.ts';
import type { GraphQLContext } from '../context.ts';
import { ResendVerificationEmailInput, VerifyEmailInput } from './account.inputs.ts';
import { ResendVerificationEmailPayload, VerifyEmailPayload } from './account.types.ts';

export interface AccountUseCases {
  readonly verifyEmail: VerifyEmail;
  readonly requestVerification: RequestMail;
}

@Resolver()
export class AccountResolver {
  private readonly useCases: AccountUseCases;

  constructor(useCases: AccountUseCases) {
    this.useCases = useCases;
  }

  @Mutation(() => VerifyEmailPayload, { description: 'Takes the address as mine.' })
  async verifyEmail(
    @Arg('input', () => VerifyEmailInput) { token }: VerifyEmailInput,
    @Ctx() { client }: GraphQLContext,
  ): Promise<VerifyEmailPayload> {
    await this.useCases.verifyEmail({ token, client });
    return { success: true };
  }

  @Mutation(() => ResendVerificationEmailPayload, {
    description: 'Asks for the mail again. The answer does not tell whether there is an account.',
  })
  async resendVerificationEmail(
    @Arg('input', () => ResendVerificationEmailInput) { email }: ResendVerificationEmailInput,
    @Ctx() { client, locale }: GraphQLContext,
  ): Promise<ResendVerificationEmailPayload> {
    await this.useCases.requestVerification({ email, client, locale: locale() });
    return { success: true };
  }
}
