import { GraphQLDateTime, GraphQLURL } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ListedUser, UserSort } from '../../administration/user-directory.ts';
import { PageInfo } from '../page-info.type.ts';
import { EmailAddressScalar } from '../scalars/email-address.ts';

@ObjectType('User', { description: 'An account.', simpleResolvers: true })
export class ManagedUser {
  @Field(() => ID)
  id!: string;

  @Field(() => EmailAddressScalar, { nullable: true })
  email!: string | null;

  @Field(() => Boolean)
  emailVerified!: boolean;

  @Field(() => String, { nullable: true })
  username!: string | null;

  @Field(() => String, { nullable: true })
  firstName!: string | null;

  @Field(() => String, { nullable: true })
  lastName!: string | null;

  @Field(() => GraphQLURL, { nullable: true })
  avatarUrl!: string | null;

  @Field(() => [String])
  roles!: readonly string[];

  @Field(() => Boolean, { description: 'Whether it is somebody who has no account yet.' })
  isGuest!: boolean;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Since when it may not log in.' })
  disabledAt!: Date | null;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'The last log-in or refresh, to the hour.' })
  lastSeenAt!: Date;
}

@ObjectType('UserEdge', { simpleResolvers: true })
export class ManagedUserEdge {
  @Field(() => ManagedUser)
  node!: ManagedUser;

  @Field(() => String)
  cursor!: string;
}

@ObjectType('UserConnection', { simpleResolvers: true })
export class ManagedUserConnection {
  @Field(() => [ManagedUserEdge])
  edges!: readonly ManagedUserEdge[];

  @Field(() => [ManagedUser])
  nodes!: readonly ManagedUser[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

export const userSorts = {
  CREATED_DESC: 'CREATED_DESC',
  CREATED_ASC: 'CREATED_ASC',
  LAST_SEEN_DESC: 'LAST_SEEN_DESC',
  LAST_SEEN_ASC: 'LAST_SEEN_ASC',
} as const satisfies Record<UserSort, UserSort>;
registerEnumType(userSorts, { name: 'UserSort' });

@InputType({ description: 'What is absent lets everything through; the rest holds together.' })
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description:
      'Any part of an e-mail address or a name, of three characters at least, or a whole id. Less is looked for at the beginning of the address and the username.',
  })
  search?: string | null;

  @Field(() => String, { nullable: true })
  role?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True for those who have no account yet, who are left out otherwise.',
  })
  guest?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  disabled?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  emailVerified?: boolean | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  createdFrom?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  createdUntil?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  lastSeenFrom?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  lastSeenUntil?: Date | null;
}

@ObjectType({ description: 'A role, and the scopes that it holds.', simpleResolvers: true })
export class Role {
  @Field(() => String)
  name!: string;

  @Field(() => Boolean, { description: 'Whether every new account gets it.' })
  isDefault!: boolean;

  @Field(() => [String])
  scopes!: readonly string[];
}

@InputType()
export class CreateUserInput {
  @Field(() => EmailAddressScalar)
  email!: string;

  @Field(() => String, { nullable: true })
  username?: string | null;

  @Field(() => String, { nullable: true })
  firstName?: string | null;

  @Field(() => String, { nullable: true })
  lastName?: string | null;

  @Field(() => [String], {
    defaultValue: [],
    description: 'Besides those that every new account gets.',
  })
  roles!: readonly string[];

  @Field(() => String, { description: 'Why: it stays in the audit trail.' })
  reason!: string;
}

@ObjectType({ simpleResolvers: true })
export class CreateUserPayload {
  @Field(() => ManagedUser)
  user!: ManagedUser;
}

@InputType()
export class UserInput {
  @Field(() => ID)
  userId!: string;

  @Field(() => String, { description: 'Why: it stays in the audit trail.' })
  reason!: string;
}

@InputType()
export class UserRoleInput extends UserInput {
  @Field(() => String)
  role!: string;
}

@ObjectType({ simpleResolvers: true })
export class ChangeUserPayload {
  @Field(() => ManagedUser)
  user!: ManagedUser;

  @Field(() => Boolean, { description: 'False when it was so already.' })
  changed!: boolean;
}

@InputType({ description: 'What is absent lets everything through; the rest holds together.' })
export class SessionFilter {
  @Field(() => ID, { nullable: true, description: 'One session, such as a stolen one.' })
  sessionId?: string | null;

  @Field(() => ID, { nullable: true })
  userId?: string | null;

  @Field(() => String, { nullable: true })
  role?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  openedBefore?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  lastUsedBefore?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'An address, or a network such as 203.0.113.0/24.',
  })
  network?: string | null;
}

@InputType()
export class RevokeSessionsInput {
  @Field(() => SessionFilter)
  filter!: SessionFilter;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Said with an empty filter: everybody is meant.',
  })
  everyone!: boolean;

  @Field(() => Boolean, { defaultValue: false, description: 'Only count.' })
  dryRun!: boolean;

  @Field(() => String, { description: 'Why: it stays in the audit trail.' })
  reason!: string;
}

@ObjectType({ simpleResolvers: true })
export class RevokeSessionsPayload {
  @Field(() => Int, { description: 'How many were ended, or would be.' })
  count!: number;

  @Field(() => Boolean)
  dryRun!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class ForcePasswordResetPayload {
  @Field(() => Int, { description: 'How many sessions were ended.' })
  revokedCount!: number;
}

@ObjectType({ simpleResolvers: true })
export class ImpersonatePayload {
  @Field(() => String, { description: 'It names you in its `act` claim.' })
  accessToken!: string;

  @Field(() => String)
  tokenType!: string;

  @Field(() => Int, { description: 'Seconds until it ends. Nothing refreshes it.' })
  expiresIn!: number;

  @Field(() => GraphQLDateTime)
  expiresAt!: Date;
}

export function toManagedUser({ account, roles, lastSeenAt }: ListedUser): ManagedUser {
  const { id, email, username, firstName, lastName, avatarUrl, createdAt, disabledAt } = account;
  const emailVerified = account.emailVerifiedAt !== null;
  const names = { username, firstName, lastName, avatarUrl };
  const { isGuest } = account;
  return { id, isGuest, email, emailVerified, ...names, roles, disabledAt, createdAt, lastSeenAt };
}
