import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';

@ObjectType('SigningKey', {
  description: 'A key of this deployment, without its private half.',
  simpleResolvers: true,
})
export class ListedKey {
  @Field(() => String, { description: 'The RFC 7638 thumbprint of the public key.' })
  kid!: string;

  @Field(() => String, {
    description: 'What it signs, and nothing else: `access-token`, `identity` or `one-time`.',
  })
  purpose!: string;

  @Field(() => String)
  algorithm!: string;

  @Field(() => String, {
    description: '`next` signs nothing yet, `active` signs, `retiring` only verifies.',
  })
  state!: string;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'Since when it is in that state.' })
  changedAt!: Date;
}

@ObjectType({ simpleResolvers: true })
export class HealthCheck {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: '`ok`, `failing`; of a graph `stale` or `incomplete`, too.' })
  state!: string;
}

@ObjectType({
  description: 'As `/readyz` tells it, of the process that answers.',
  simpleResolvers: true,
})
export class Health {
  @Field(() => String, { description: '`ready`, `unready` or `stopping`.' })
  status!: string;

  @Field(() => [HealthCheck])
  checks!: readonly HealthCheck[];
}
