import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { Identity } from '../../providers/identity.ts';

@ObjectType({ description: 'Whose accounts may be used to sign in.', simpleResolvers: true })
export class SignInProvider {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'For a button.' })
  label!: string;
}

@ObjectType({
  description: 'An account at a provider, with which mine is opened.',
  simpleResolvers: true,
})
export class LinkedIdentity {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'The name of the provider.' })
  provider!: string;

  @Field(() => String, { nullable: true, description: 'As the provider gave it last.' })
  email!: string | null;

  @Field(() => GraphQLDateTime, { description: 'Since when it is linked.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true })
  lastUsedAt!: Date | null;
}

@ObjectType({ simpleResolvers: true })
export class BegunProviderSignIn {
  @Field(() => String, { description: 'Where the browser goes.' })
  url!: string;

  @Field(() => GraphQLDateTime, { description: 'Until then the provider has to answer.' })
  expiresAt!: Date;
}

@ObjectType({ simpleResolvers: true })
export class CompleteProviderLinkPayload {
  @Field(() => LinkedIdentity)
  identity!: LinkedIdentity;
}

@ObjectType({ simpleResolvers: true })
export class UnlinkIdentityPayload {
  @Field(() => [LinkedIdentity], { description: 'Those that are left.' })
  identities!: readonly LinkedIdentity[];
}

export function toLinkedIdentity(identity: Identity): LinkedIdentity {
  const { id, provider, email, createdAt, lastUsedAt } = identity;
  return { id, provider, email, createdAt, lastUsedAt };
}
