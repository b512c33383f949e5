import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true })
export class RequestEmailChangePayload {
  @Field(() => Boolean, { description: 'True whether or not anybody has this address.' })
  success!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class ConfirmEmailChangePayload {
  @Field(() => Int, { description: 'How many other devices were signed out.' })
  revokedCount!: number;
}

@ObjectType({ simpleResolvers: true })
export class UndoEmailChangePayload {
  @Field(() => Boolean)
  success!: boolean;
}
