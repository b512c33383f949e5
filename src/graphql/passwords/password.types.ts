import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true })
export class ChangePasswordPayload {
  @Field(() => Int, { description: 'How many other devices were signed out.' })
  revokedCount!: number;
}

@ObjectType({ simpleResolvers: true })
export class RequestPasswordResetPayload {
  @Field(() => Boolean, { description: 'True whether or not anybody has this address.' })
  success!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class ResetPasswordPayload {
  @Field(() => Boolean)
  success!: boolean;
}
