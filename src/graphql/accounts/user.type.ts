import { Field, ID, ObjectType } from 'type-graphql';
import type { Account } from '../../accounts/account.ts';

/**
 * A person. What an access token carries is answered from the token; the account is read only when a
 * field asks for more.
 */
@ObjectType({ simpleResolvers: true })
export class User {
  @Field(() => ID)
  id!: string;

  @Field(() => [String], { description: 'The names of the roles that the person holds.' })
  roles!: readonly string[];

  /** Present where the account was read anyway; no field of the schema. */
  account?: Account;

  /** True for somebody else, reached by id from another subgraph; no field of the schema. */
  isReference?: boolean;
}
