import { Field, InputType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars/email-address.ts';

@InputType()
export class VerifyEmailInput {
  @Field(() => String, { description: 'Out of the link in the mail.' })
  token!: string;
}

@InputType()
export class ResendVerificationEmailInput {
  @Field(() => EmailAddressScalar)
  email!: string;
}

@InputType({ description: 'A field that is absent stays as it is; null takes it away.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true })
  username?: string | null;

  @Field(() => String, { nullable: true })
  firstName?: string | null;

  @Field(() => String, { nullable: true })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'An https address.' })
  avatarUrl?: string | null;
}
