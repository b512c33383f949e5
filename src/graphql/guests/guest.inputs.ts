import { Field, InputType } from 'type-graphql';
import { TokenDelivery } from '../sessions/token-delivery.ts';

@InputType()
export class SignInAsGuestInput {
  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}
