import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true })
export class RequestSignInEmailPayload {
  @Field(() => String, { description: 'The same whether or not anybody has this address.' })
  requestId!: string;

  @Field(() => GraphQLDateTime, { description: 'Until then the code and the link work.' })
  expiresAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Keep it: the code works with it. Null where it went into a cookie.',
  })
  binding!: string | null;
}
