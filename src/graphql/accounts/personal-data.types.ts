import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, ObjectType } from 'type-graphql';

@InputType()
export class DeleteAccountInput {
  @Field(() => String, {
    nullable: true,
    description: 'Not needed where I have shown who I am in the last five minutes.',
  })
  currentPassword?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class DeleteAccountPayload {
  @Field(() => Boolean)
  success!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class ExportMyDataPayload {
  @Field(() => GraphQLJSONObject, {
    description: 'For a file: the account, its roles, sessions and audit events.',
  })
  data!: object;
}
