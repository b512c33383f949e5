import {
  Arg,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { assertKnownRole } from '../../access/assert-known-role.ts';
import type { RoleStore } from '../../access/role-store.ts';
import type { ChangeRole } from '../../administration/change-roles.ts';
import type { ChangeStatus } from '../../administration/change-status.ts';
import type { CreateUser } from '../../administration/create-user.ts';
import { UserNotFound } from '../../administration/errors.ts';
import type { FindUserId } from '../../administration/find-user-id.ts';
import type { ForcePasswordReset } from '../../administration/force-password-reset.ts';
import type { Impersonate } from '../../administration/impersonate.ts';
import type { RevokeSessions } from '../../administration/revoke-sessions.ts';
import type { UserDirectory, UserSort } from '../../administration/user-directory.ts';
import { BadUserInput } from '../../core/domain-error.ts';
import { isId } from '../../core/random.ts';
import type { ListSessions } from '../../sessions/list-sessions.ts';
import {
  defaultPageSize,
  readPage,
  readTimePage,
  timeCursorOf,
  toConnection,
} from '../connection.ts';
import type { GraphQLContext } from '../context.ts';
import { SessionConnection, toSessionConnection } from '../sessions/session-connection.ts';
import { administratorOf, assertIds, userIdOf } from './administrator.ts';
import {
  ChangeUserPayload,
  CreateUserInput,
  CreateUserPayload,
  ForcePasswordResetPayload,
  ImpersonatePayload,
  ManagedUser,
  ManagedUserConnection,
  RevokeSessionsInput,
  RevokeSessionsPayload,
  Role,
  toManagedUser,
  UserFilter,
  UserInput,
  UserRoleInput,
  userSorts,
} from './user.types.ts';

export interface UserAdministration {
  readonly userDirectory: UserDirectory;
  readonly findUserId: FindUserId;
  readonly roles: Pick<RoleStore, 'list'>;
  readonly listSessions: ListSessions;
  readonly createUser: CreateUser;
  readonly grantRole: ChangeRole;
  readonly takeRole: ChangeRole;
  readonly disableAccount: ChangeStatus;
  readonly enableAccount: ChangeStatus;
  readonly revokeSessions: RevokeSessions;
  readonly impersonate: Impersonate;
  readonly forcePasswordReset: ForcePasswordReset;
}

@Resolver(() => ManagedUser)
export class ManagedUserResolver {
  private readonly useCases: UserAdministration;

  constructor(useCases: UserAdministration) {
    this.useCases = useCases;
  }

  @Authorized('users:read')
  @Query(() => ManagedUserConnection, { description: 'Accounts, paged by key.' })
  async users(
    @Arg('first', () => Int, { defaultValue: defaultPageSize }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('filter', () => UserFilter, { nullable: true }) filter: UserFilter | null,
    @Arg('sort', () => userSorts, { defaultValue: userSorts.CREATED_DESC }) sort: UserSort,
  ): Promise<ManagedUserConnection> {
    const page = readTimePage(first, after);
    await assertKnownRole(this.useCases.roles, filter?.role, 'filter.role');
    const found = await this.useCases.userDirectory.list({
      filter: filter ?? {},
      sort,
      first: page.first + 1,
      after: page.after,
    });
    const at = (user: ManagedUser) =>
      sort.startsWith('CREATED') ? user.createdAt : user.lastSeenAt;
    return toConnection(found.map(toManagedUser), page, (user) =>
      timeCursorOf({ at: at(user), id: user.id }),
    );
  }

  @Authorized('users:read')
  @Query(() => ManagedUser, { nullable: true, description: 'Null where there is no such account.' })
  async user(
    @Arg('id', () => ID, { nullable: true }) id: string | null | undefined,
    @Arg('identifier', () => String, {
      nullable: true,
      description: 'An e-mail address or a username, instead of the id.',
    })
    identifier: string | null | undefined,
  ): Promise<ManagedUser | null> {
    const [named, ...others] = [id, identifier].filter((name) => (name ?? null) !== null);
    if (!named || others.length > 0) throw new BadUserInput([oneOfTwo]);
    if (named === id && !isId(id)) return null;
    const userId = await this.useCases.findUserId(named);
    const found = userId === undefined ? undefined : await this.useCases.userDirectory.find(userId);
    return found ? toManagedUser(found) : null;
  }

  @Authorized('users:read')
  @Query(() => [Role], { name: 'roles', description: 'Every role that can be granted.' })
  async listRoles(): Promise<readonly Role[]> {
    return this.useCases.roles.list();
  }

  @Authorized('users:read')
  @FieldResolver(() => SessionConnection, { description: 'Live sessions, the newest first.' })
  async sessions(
    @Root() { id }: ManagedUser,
    @Arg('first', () => Int, { defaultValue: defaultPageSize }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { user }: GraphQLContext,
  ): Promise<SessionConnection> {
    const page = readPage(first, after);
    const found = await this.useCases.listSessions(id, page);
    return toSessionConnection(found, { after: page.after, currentId: user?.sessionId ?? '' });
  }

  @Authorized('users:write')
  @Mutation(() => CreateUserPayload, {
    description: 'Invites somebody: the link of the mail lets them choose their password.',
  })
  async createUser(
    @Arg('input', () => CreateUserInput) input: CreateUserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<CreateUserPayload> {
    const { email, roles, reason } = input;
    const { username = null, firstName = null, lastName = null } = input;
    const command = { email, username, firstName, lastName, roles, locale: context.locale() };
    const id = await this.useCases.createUser(administratorOf(context, reason), command);
    return { user: await this.managedUser(id) };
  }

  @Authorized('users:write')
  @Mutation(() => ChangeUserPayload, { description: 'Its tokens carry the role at once.' })
  async grantRole(
    @Arg('input', () => UserRoleInput) { userId, role, reason }: UserRoleInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ChangeUserPayload> {
    const administrator = administratorOf(context, reason);
    return this.changed(
      userId,
      await this.useCases.grantRole(administrator, userIdOf(userId), role),
    );
  }

  @Authorized('users:write')
  @Mutation(() => ChangeUserPayload, { description: 'Tokens that carry the role die at once.' })
  async takeRole(
    @Arg('input', () => UserRoleInput) { userId, role, reason }: UserRoleInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ChangeUserPayload> {
    const administrator = administratorOf(context, reason);
    return this.changed(
      userId,
      await this.useCases.takeRole(administrator, userIdOf(userId), role),
    );
  }

  @Authorized('users:write')
  @Mutation(() => ChangeUserPayload, { description: 'Ends all sessions of the account at once.' })
  async disableUser(
    @Arg('input', () => UserInput) { userId, reason }: UserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ChangeUserPayload> {
    const administrator = administratorOf(context, reason);
    return this.changed(
      userId,
      await this.useCases.disableAccount(administrator, userIdOf(userId)),
    );
  }

  @Authorized('users:write')
  @Mutation(() => ChangeUserPayload)
  async enableUser(
    @Arg('input', () => UserInput) { userId, reason }: UserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ChangeUserPayload> {
    const administrator = administratorOf(context, reason);
    return this.changed(userId, await this.useCases.enableAccount(administrator, userIdOf(userId)));
  }

  @Authorized('users:write')
  @Mutation(() => ForcePasswordResetPayload, {
    description: 'Takes the password away, ends all sessions, and mails a link to set a new one.',
  })
  async forcePasswordReset(
    @Arg('input', () => UserInput) { userId, reason }: UserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ForcePasswordResetPayload> {
    const administrator = administratorOf(context, reason);
    const id = userIdOf(userId);
    const locale = context.locale();
    return {
      revokedCount: await this.useCases.forcePasswordReset(administrator, id, locale),
    };
  }

  @Authorized('sessions:revoke')
  @Mutation(() => RevokeSessionsPayload, {
    description: 'Ends the sessions that a filter means, or counts them. Your own stays.',
  })
  async revokeSessions(
    @Arg('input', () => RevokeSessionsInput) input: RevokeSessionsInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RevokeSessionsPayload> {
    const { reason, filter, dryRun, everyone } = input;
    assertIds({ sessionId: filter.sessionId, userId: filter.userId });
    const administrator = administratorOf(context, reason);
    const currentSessionId = context.user?.sessionId ?? null;
    const command = { filter, dryRun, everyone, currentSessionId };
    return { count: await this.useCases.revokeSessions(administrator, command), dryRun };
  }

  @Authorized('users:impersonate')
  @Mutation(() => ImpersonatePayload, {
    description: 'A short access token of a user who is no administrator.',
  })
  async impersonate(
    @Arg('input', () => UserInput) { userId, reason }: UserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ImpersonatePayload> {
    const administrator = administratorOf(context, reason);
    const { token, ...end } = await this.useCases.impersonate(administrator, userIdOf(userId));
    return { accessToken: token, tokenType: 'Bearer', ...end };
  }

  private async changed(userId: string, changed: boolean): Promise<ChangeUserPayload> {
    return { user: await this.managedUser(userId), changed };
  }

  private async managedUser(userId: string): Promise<ManagedUser> {
    const user = await this.useCases.userDirectory.find(userId);
    if (!user) throw new UserNotFound();
    return toManagedUser(user);
  }
}

const oneOfTwo = {
  path: 'id',
  rule: 'ONE_OF',
  message: 'Name the account by id or by identifier, and not by both.',
};
