import { Field, ObjectType } from 'type-graphql';
import { User } from './user.type.ts';

@ObjectType({ simpleResolvers: true })
export class VerifyEmailPayload {
  @Field(() => Boolean)
  success!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'For `resetPassword`, where the account has no password now.',
  })
  setPasswordToken!: string | null;
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
