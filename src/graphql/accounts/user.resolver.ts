import { GraphQLDateTime, GraphQLURL } from 'graphql-scalars';
import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Account } from '../../accounts/account.ts';
import { AccessRefused } from '../../tokens/errors.ts';
import { type GraphQLContext, requireUser } from '../context.ts';
import { EmailAddressScalar } from '../scalars/email-address.ts';
import { PrivateField } from './private-field.ts';
import { User } from './user.type.ts';

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, {
    nullable: true,
    description: 'Who is asking. Null without a token; an error with a bad one.',
  })
  me(@Ctx() context: GraphQLContext): User | null {
    if (context.authentication.kind === 'anonymous') return null;
    const { id, roles } = requireUser(context);
    return { id, roles };
  }

  @FieldResolver(() => EmailAddressScalar, { nullable: true })
  async email(@Root() user: User, @Ctx() context: GraphQLContext): Promise<string | null> {
    return (await ownAccountOf(user, context)).email;
  }

  @FieldResolver(() => String, { nullable: true })
  async username(@Root() user: User, @Ctx() context: GraphQLContext): Promise<string | null> {
    return (await accountOf(user, context)).username;
  }

  @FieldResolver(() => String, { nullable: true })
  async firstName(@Root() user: User, @Ctx() context: GraphQLContext): Promise<string | null> {
    return (await ownAccountOf(user, context)).firstName;
  }

  @FieldResolver(() => String, { nullable: true })
  async lastName(@Root() user: User, @Ctx() context: GraphQLContext): Promise<string | null> {
    return (await ownAccountOf(user, context)).lastName;
  }

  @FieldResolver(() => GraphQLURL, { nullable: true })
  async avatarUrl(@Root() user: User, @Ctx() context: GraphQLContext): Promise<string | null> {
    return (await accountOf(user, context)).avatarUrl;
  }

  @FieldResolver(() => Boolean, { description: 'Whether the person has shown to own the address.' })
  async emailVerified(@Root() user: User, @Ctx() context: GraphQLContext): Promise<boolean> {
    return (await ownAccountOf(user, context)).emailVerifiedAt !== null;
  }

  @FieldResolver(() => GraphQLDateTime)
  async createdAt(@Root() user: User, @Ctx() context: GraphQLContext): Promise<Date> {
    return (await ownAccountOf(user, context)).createdAt;
  }
}

/** The account, for a field that is the person's own. @throws PrivateField for anybody else's */
function ownAccountOf(user: User, context: GraphQLContext): Promise<Account> {
  if (user.isReference) throw new PrivateField();
  return accountOf(user, context);
}

/** The account behind a user. @throws AccessRefused when it was deleted after the token was issued */
async function accountOf(user: User, { accounts }: GraphQLContext): Promise<Account> {
  const account = user.account ?? (await accounts.load(user.id));
  if (!account) throw new AccessRefused('SESSION_REVOKED', 'account deleted');
  return account;
}
