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
