import { Field, ID, InputType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars/email-address.ts';
import { TokenDelivery } from './token-delivery.ts';

@InputType()
export class RegisterInput {
  @Field(() => EmailAddressScalar)
  email!: string;

  @Field(() => String)
  password!: string;

  @Field(() => String, { nullable: true })
  username?: string | null;

  @Field(() => String, { nullable: true })
  firstName?: string | null;

  @Field(() => String, { nullable: true })
  lastName?: string | null;

  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}

@InputType()
export class LoginInput {
  @Field(() => String, { description: 'An e-mail address or a username.' })
  identifier!: string;

  @Field(() => String)
  password!: string;

  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}

@InputType()
export class RefreshTokenInput {
  @Field(() => String)
  refreshToken!: string;
}

@InputType()
export class RevokeSessionInput {
  @Field(() => ID)
  sessionId!: string;
}

@InputType()
export class LogoutInput {
  @Field(() => String, { nullable: true })
  refreshToken?: string | null;
}
