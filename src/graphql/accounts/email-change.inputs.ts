import { Field, InputType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars/email-address.ts';

@InputType()
export class RequestEmailChangeInput {
  @Field(() => EmailAddressScalar)
  newEmail!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Not needed where I have shown who I am in the last five minutes.',
  })
  currentPassword?: string | null;
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
