import { Field, InputType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars/email-address.ts';

@InputType()
export class ChangePasswordInput {
  @Field(() => String, {
    nullable: true,
    description: 'Not needed where I have shown who I am in the last five minutes.',
  })
  currentPassword?: string | null;

  @Field(() => String)
  newPassword!: string;
}

@InputType()
export class RequestPasswordResetInput {
  @Field(() => EmailAddressScalar)
  email!: string;
}

@InputType()
export class ResetPasswordInput {
  @Field(() => String, { description: 'Out of the link in the mail.' })
  token!: string;

  @Field(() => String)
  newPassword!: string;
}
