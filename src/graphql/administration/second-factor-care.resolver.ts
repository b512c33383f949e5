import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { UserNotFound } from '../../administration/errors.ts';
import type { ResetSecondFactor } from '../../administration/reset-second-factor.ts';
import type { UserDirectory } from '../../administration/user-directory.ts';
import type { ListAuthenticators } from '../../factors/list-authenticators.ts';
import type { IdentityStore } from '../../providers/identity-store.ts';
import type { GraphQLContext } from '../context.ts';
import { toAuthenticators } from '../factors/authenticators.ts';
import { Authenticators } from '../factors/factor.types.ts';
import { LinkedIdentity, toLinkedIdentity } from '../providers/provider.types.ts';
import { administratorOf, userIdOf } from './administrator.ts';
import { ChangeUserPayload, ManagedUser, toManagedUser, UserInput } from './user.types.ts';

export interface SecondFactorCare {
  readonly userDirectory: UserDirectory;
  readonly listAuthenticators: ListAuthenticators;
  readonly resetSecondFactor: ResetSecondFactor;
  readonly listIdentities: IdentityStore['list'];
}

@Resolver(() => ManagedUser)
export class SecondFactorCareResolver {
  private readonly useCases: SecondFactorCare;

  constructor(useCases: SecondFactorCare) {
    this.useCases = useCases;
  }

  @Authorized('users:read')
  @FieldResolver(() => Authenticators, {
    description: 'What the account is opened with.',
  })
  async authenticators(@Root() { id }: ManagedUser): Promise<Authenticators> {
    return toAuthenticators(await this.useCases.listAuthenticators(id));
  }

  @Authorized('users:read')
  @FieldResolver(() => [LinkedIdentity], {
    description: 'The accounts at providers with which it is opened.',
  })
  async identities(@Root() { id }: ManagedUser): Promise<readonly LinkedIdentity[]> {
    return (await this.useCases.listIdentities(id)).map(toLinkedIdentity);
  }

  @Authorized('users:write')
  @Mutation(() => ChangeUserPayload, {
    description:
      'Takes every second factor away, with the recovery codes, and tells its holder by mail.',
  })
  async resetSecondFactor(
    @Arg('input', () => UserInput) { userId, reason }: UserInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ChangeUserPayload> {
    const administrator = administratorOf(context, reason);
    const id = userIdOf(userId);
    const changed = await this.useCases.resetSecondFactor(administrator, id, context.locale());
    const user = await this.useCases.userDirectory.find(id);
    if (!user) throw new UserNotFound();
    return { user: toManagedUser(user), changed };
  }
}
