import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';
import { TokenDelivery } from '../sessions/token-delivery.ts';

@InputType()
export class ConfirmTotpSetupInput {
  @Field(() => String, { description: 'The first code that the app makes.' })
  code!: string;
}

@InputType()
export class RemoveAuthenticatorInput {
  @Field(() => ID, { description: 'Of the app, or of the passkey.' })
  id!: string;
}

@InputType({ description: 'What a device has answered.' })
export class PasskeyAnswerInput {
  @Field(() => String, { description: 'As it was begun with.' })
  ceremony!: string;

  @Field(() => GraphQLJSONObject, { description: 'The credential, by its `toJSON()`.' })
  response!: object;
}

@InputType()
export class CompletePasskeySetupInput {
  @Field(() => String, { description: 'As it was begun with.' })
  ceremony!: string;

  @Field(() => GraphQLJSONObject, { description: 'The credential, by its `toJSON()`.' })
  response!: object;

  @Field(() => String, { nullable: true, description: 'What I call it.' })
  name?: string | null;
}

@InputType()
export class RenamePasskeyInput {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;
}

@InputType()
export class SignInWithPasskeyInput {
  @Field(() => PasskeyAnswerInput)
  passkey!: PasskeyAnswerInput;

  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}

@InputType()
export class BeginStepUpInput {
  @Field(() => String, {
    nullable: true,
    description: 'Of a sign-in that is to be completed, where no cookie has it.',
  })
  challenge?: string | null;
}

@InputType({ description: 'One of the factors, and no more.' })
export class CompleteSignInInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Of the error that asked for it. Without it, the cookie says which sign-in is meant.',
  })
  challenge?: string | null;

  @Field(() => String, { nullable: true })
  totpCode?: string | null;

  @Field(() => String, { nullable: true })
  recoveryCode?: string | null;

  @Field(() => PasskeyAnswerInput, { nullable: true })
  passkey?: PasskeyAnswerInput | null;

  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}

@InputType({ description: 'One of the ways, and no more.' })
export class StepUpInput {
  @Field(() => String, {
    nullable: true,
    description: 'Good enough only for an account without a second factor.',
  })
  password?: string | null;

  @Field(() => String, { nullable: true })
  totpCode?: string | null;

  @Field(() => PasskeyAnswerInput, { nullable: true })
  passkey?: PasskeyAnswerInput | null;
}
