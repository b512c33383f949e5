import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { ListSessions } from '../../sessions/list-sessions.ts';
import type { RevokeOtherSessions, RevokeSession } from '../../sessions/revoke-sessions.ts';
import { defaultPageSize, readPage } from '../connection.ts';
import { type GraphQLContext, requireSelf, requireUser } from '../context.ts';
import { RevokeSessionInput } from './session.inputs.ts';
import { RevokeOtherSessionsPayload, RevokeSessionPayload } from './session.types.ts';
import { SessionConnection, toSessionConnection } from './session-connection.ts';

export interface DeviceUseCases {
  readonly listSessions: ListSessions;
  readonly revokeSession: RevokeSession;
  readonly revokeOtherSessions: RevokeOtherSessions;
}

/**
 * The devices page.
 *
 * Attack: an administrator who may impersonate, but not end sessions, ends them as the person, and the
 * audit trail says that it was the person. Acting as somebody shows their devices and ends none.
 */
@Resolver()
export class DeviceResolver {
  private readonly useCases: DeviceUseCases;

  constructor(useCases: DeviceUseCases) {
    this.useCases = useCases;
  }

  @Query(() => SessionConnection, { description: 'Where I am signed in, the newest first.' })
  async sessions(
    @Arg('first', () => Int, { defaultValue: defaultPageSize }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: GraphQLContext,
  ): Promise<SessionConnection> {
    const user = requireUser(context);
    const page = readPage(first, after);
    const found = await this.useCases.listSessions(user.id, page);
    return toSessionConnection(found, { after: page.after, currentId: user.sessionId });
  }

  @Mutation(() => RevokeSessionPayload, { description: 'Signs one of my devices out.' })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput) { sessionId }: RevokeSessionInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RevokeSessionPayload> {
    const { id: userId, sessionId: currentSessionId } = requireSelf(context);
    const { client } = context;
    await this.useCases.revokeSession({ userId, currentSessionId, sessionId, client });
    return { success: true };
  }

  @Mutation(() => RevokeOtherSessionsPayload, {
    description: 'Signs all my devices out but this one.',
  })
  async revokeOtherSessions(@Ctx() context: GraphQLContext): Promise<RevokeOtherSessionsPayload> {
    const { id: userId, sessionId: currentSessionId } = requireSelf(context);
    const { client } = context;
    const command = { userId, currentSessionId, client };
    return { revokedCount: await this.useCases.revokeOtherSessions(command) };
  }
}
