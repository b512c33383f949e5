import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestMail } from '../../accounts/request-mail.ts';
import type { ProfileChanges, UpdateProfile } from '../../accounts/update-profile.ts';
import type { VerifyEmail } from '../../accounts/verify-email.ts';
import { type GraphQLContext, requireHolder, selfOf } from '../context.ts';
import {
  ResendVerificationEmailInput,
  UpdateProfileInput,
  VerifyEmailInput,
} from './account.inputs.ts';
import {
  ResendVerificationEmailPayload,
  UpdateProfilePayload,
  VerifyEmailPayload,
} from './account.types.ts';

export interface AccountUseCases {
  readonly verifyEmail: VerifyEmail;
  readonly requestVerification: RequestMail;
  readonly updateProfile: UpdateProfile;
}

@Resolver()
export class AccountResolver {
  private readonly useCases: AccountUseCases;

  constructor(useCases: AccountUseCases) {
    this.useCases = useCases;
  }

  @Mutation(() => VerifyEmailPayload, {
    description:
      'Takes the address as mine. In another browser than the one that registered, it takes the password away and signs every device out, for somebody else may have chosen it.',
  })
  async verifyEmail(
    @Arg('input', () => VerifyEmailInput) { token }: VerifyEmailInput,
    @Ctx() context: GraphQLContext,
  ): Promise<VerifyEmailPayload> {
    const { client, registrantCookie, locale } = context;
    const { setPasswordToken } = await this.useCases.verifyEmail({
      token,
      signedIn: selfOf(context),
      isRegistrant: registrantCookie.isOf,
      client,
      locale: locale(),
    });
    return { success: true, setPasswordToken };
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

  @Mutation(() => UpdateProfilePayload, { description: 'Changes what my account says of me.' })
  async updateProfile(
    @Arg('input', () => UpdateProfileInput) input: UpdateProfileInput,
    @Ctx() context: GraphQLContext,
  ): Promise<UpdateProfilePayload> {
    const { id: userId, sessionId, roles } = requireHolder(context);
    const { client } = context;
    const account = await this.useCases.updateProfile({
      userId,
      sessionId,
      changes: givenFieldsOf(input),
      client,
    });
    return { user: { id: userId, roles, account } };
  }
}

/** TypeGraphQL sets a field that is absent to undefined. */
function givenFieldsOf(input: UpdateProfileInput): ProfileChanges {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
