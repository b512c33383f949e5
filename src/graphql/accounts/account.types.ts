import { Field, ObjectType } from 'type-graphql';
import { User } from './user.type.ts';

@ObjectType({ simpleResolvers: true })
export class VerifyEmailPayload {
  @Field(() => Boolean)
  success!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class ResendVerificationEmailPayload {
  @Field(() => Boolean, { description: 'True whether or not anybody has this address.' })
  success!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class UpdateProfilePayload {
  @Field(() => User)
  user!: User;
}
