import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ChangeStatus } from '../../administration/change-status.ts';
import type { DeleteUser } from '../../administration/delete-user.ts';
import { UserNotFound } from '../../administration/errors.ts';
import type { ExportUserData } from '../../administration/export-user-data.ts';
import type { LiftThrottle } from '../../administration/lift-throttle.ts';
import type { RequestUserEmailChange } from '../../administration/request-user-email-change.ts';
import type { SendVerification } from '../../administration/send-verification.ts';
import type { UserDirectory } from '../../administration/user-directory.ts';
import type { GraphQLContext } from '../context.ts';
import { administratorOf, assertScope, userIdOf } from './administrator.ts';
import { ChangeUserPayload, toManagedUser, UserInput } from './user.types.ts';
import {
  DeleteUserPayload,
  ExportUserDataPayload,
  LiftThrottleInput,
  LiftThrottlePayload,
  RequestUserEmailChangeInput,
  RequestUserEmailChangePayload,
  SendVerificationPayload,
} from './user-care.types.ts';

export interface UserCare {
  readonly userDirectory: Pick<UserDirectory, 'find'>;
  readonly verifyUserEmail: ChangeStatus;
  readonly sendVerification: SendVerification;
  readonly requestUserEmailChange: RequestUserEmailChange;
  readonly deleteUser: DeleteUser;
  readonly exportUserData: ExportUserData;
  readonly liftThrottle: LiftThrottle;
}

/** What people ask an administrator for who can't do it themselves any more. */
@Resolver()
export class UserCareResolver {
  private readonly useCases: UserCare;

  constructor(useCases: UserCare) {
    this.useCases = useCases;
  }

  @Authorized('users:write')
  @Mutation(() => ChangeUserPayload, {
    description:
      'Takes its address as proved. What opens the account stays, whoever added it: for an address that is known to be the person’s own.',
  })
  async verifyUserEmail(
    @Arg('input', () => UserInput) { userId, reason }: UserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ChangeUserPayload> {
    const id = userIdOf(userId);
    const changed = await this.useCases.verifyUserEmail(administratorOf(context, reason), id);
    const user = await this.useCases.userDirectory.find(id);
    if (!user) throw new UserNotFound();
    return { user: toManagedUser(user), changed };
  }

  @Authorized('users:write')
  @Mutation(() => SendVerificationPayload, {
    description: 'Sends the mail that proves the address, or the invitation, once more.',
  })
  async sendVerification(
    @Arg('input', () => UserInput) { userId, reason }: UserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<SendVerificationPayload> {
    const administrator = administratorOf(context, reason);
    const locale = context.locale();
    return {
      sent: await this.useCases.sendVerification(administrator, userIdOf(userId), locale),
    };
  }

  @Authorized('users:write')
  @Mutation(() => RequestUserEmailChangePayload, {
    description:
      'Sends a link to an address that is to become theirs, who can not read mails at the old one.',
  })
  async requestUserEmailChange(
    @Arg('input', () => RequestUserEmailChangeInput) input: RequestUserEmailChangeInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RequestUserEmailChangePayload> {
    // Whose mailbox an account has can sign in to it.
    assertScope(context, 'users:impersonate');
    const { newEmail, reason } = input;
    const command = { userId: userIdOf(input.userId), newEmail, locale: context.locale() };
    await this.useCases.requestUserEmailChange(administratorOf(context, reason), command);
    return { success: true };
  }

  @Authorized('users:write')
  @Mutation(() => DeleteUserPayload, {
    description: 'Deletes an account for good, and tells its holder.',
  })
  async deleteUser(
    @Arg('input', () => UserInput) { userId, reason }: UserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<DeleteUserPayload> {
    const administrator = administratorOf(context, reason);
    const locale = context.locale();
    return {
      revokedCount: await this.useCases.deleteUser(administrator, userIdOf(userId), locale),
    };
  }

  // A mutation, for it leaves a trace.
  @Authorized('audit:read')
  @Mutation(() => ExportUserDataPayload, {
    description: 'Everything that is kept of somebody, as exportMyData gives it to them.',
  })
  async exportUserData(
    @Arg('input', () => UserInput) { userId, reason }: UserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ExportUserDataPayload> {
    // The account is in it, and what the trail tells of it.
    assertScope(context, 'users:read');
    const administrator = administratorOf(context, reason);
    return { data: await this.useCases.exportUserData(administrator, userIdOf(userId)) };
  }

  @Authorized('users:write')
  @Mutation(() => LiftThrottlePayload, {
    description: 'Ends the waits after too many attempts: of an account, an address, or both.',
  })
  async liftThrottle(
    @Arg('input', () => LiftThrottleInput) { userId = null, ip = null, reason }: LiftThrottleInput,
    @Ctx() context: GraphQLContext,
  ): Promise<LiftThrottlePayload> {
    const administrator = administratorOf(context, reason);
    const id = userId === null ? null : userIdOf(userId);
    await this.useCases.liftThrottle(administrator, { userId: id, ip });
    return { success: true };
  }
}
