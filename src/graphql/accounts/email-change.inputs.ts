import { Field, InputType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars/email-address.ts';

@InputType()
export class RequestEmailChangeInput {
  @Field(() => EmailAddressScalar)
  newEmail!: string;

  @Field(() => String)
  currentPassword!: string;
}

@InputType()
export class ConfirmEmailChangeInput {
  @Field(() => String, { description: 'Out of the link in the mail to the new address.' })
  token!: string;
}

@InputType()
export class UndoEmailChangeInput {
  @Field(() => String, { description: 'Out of the link in the mail to the old address.' })
  token!: string;
}
