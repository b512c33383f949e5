import { Field, ObjectType } from 'type-graphql';
import type { SessionPage } from '../../sessions/list-sessions.ts';
import type { Session as DomainSession } from '../../sessions/session.ts';
import { cursorOf } from '../connection.ts';
import { PageInfo } from '../page-info.type.ts';
import { deviceOf } from './device.ts';
import { Session } from './session.types.ts';

@ObjectType({ simpleResolvers: true })
export class SessionEdge {
  @Field(() => Session)
  node!: Session;

  @Field(() => String)
  cursor!: string;
}

@ObjectType({ simpleResolvers: true })
export class SessionConnection {
  @Field(() => [SessionEdge])
  edges!: readonly SessionEdge[];

  @Field(() => [Session])
  nodes!: readonly Session[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

export function toSession(session: DomainSession, currentId: string | undefined): Session {
  const { id, createdAt, lastUsedAt, expiresAt, ip, userAgent } = session;
  const isCurrent = id === currentId;
  return { id, createdAt, lastUsedAt, expiresAt, ip, ...deviceOf(userAgent), current: isCurrent };
}

export function toSessionConnection(
  { sessions, hasNextPage }: SessionPage,
  { after, currentId }: { readonly after: string | null; readonly currentId: string },
): SessionConnection {
  const edges = sessions.map((session) => ({
    node: toSession(session, currentId),
    cursor: cursorOf(session.id),
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
