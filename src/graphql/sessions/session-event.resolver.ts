import { Ctx, Resolver, Root, Subscription } from 'type-graphql';
import type { SessionEvent as Happened } from '../../sessions/session-events.ts';
import { type GraphQLContext, requireUser } from '../context.ts';
import { SessionEvent } from './session-event.type.ts';

/** What the devices of an account are told at once. */
@Resolver()
export class SessionEventResolver {
  @Subscription(() => SessionEvent, {
    description: 'What happens to my account and its sessions, on all of my devices.',
    topics: ({ context }: { readonly context: GraphQLContext }) => requireUser(context).id,
  })
  sessionEvents(
    @Root() { kind, sessionId, at }: Happened,
    @Ctx() { user }: GraphQLContext,
  ): SessionEvent {
    return { kind, sessionId, at, current: sessionId !== null && sessionId === user?.sessionId };
  }
}
