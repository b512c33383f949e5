import { Field, InputType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars/email-address.ts';
import { TokenDelivery } from '../sessions/token-delivery.ts';

@InputType()
export class RequestSignInEmailInput {
  @Field(() => EmailAddressScalar)
  email!: string;

  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}

@InputType()
export class SignInWithEmailCodeInput {
  @Field(() => String, { description: 'Of the request.' })
  requestId!: string;

  @Field(() => String, { description: 'Six digits, out of the mail.' })
  code!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Of the request, where `delivery` is BODY. A browser has it in a cookie.',
  })
  binding?: string | null;

  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}

@InputType()
export class SignInWithEmailLinkInput {
  @Field(() => String, { description: 'Out of the link in the mail.' })
  token!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Of the same mail, after SIGN_IN_STARTED_ELSEWHERE. A person has to type it.',
  })
  code?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the request, where `delivery` is BODY. A browser has it in a cookie.',
  })
  binding?: string | null;

  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}
