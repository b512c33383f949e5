import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { SessionEventKind } from '../../sessions/session-events.ts';

export const SessionEventKindEnum = {
  REVOKED: 'REVOKED',
  NEW_DEVICE: 'NEW_DEVICE',
  REUSE_DETECTED: 'REUSE_DETECTED',
  ROLES_CHANGED: 'ROLES_CHANGED',
} as const satisfies Record<SessionEventKind, SessionEventKind>;

registerEnumType(SessionEventKindEnum, {
  name: 'SessionEventKind',
  valuesConfig: {
    REVOKED: { description: 'A session was ended, by whomever.' },
    NEW_DEVICE: { description: 'Somebody signed in with a kind of device that is new here.' },
    REUSE_DETECTED: { description: 'A session was ended because its token may have been stolen.' },
    ROLES_CHANGED: { description: 'Refresh: the access token says what is no longer true.' },
  },
});

@ObjectType({ description: 'Something that happened to my account.', simpleResolvers: true })
export class SessionEvent {
  @Field(() => SessionEventKindEnum)
  kind!: SessionEventKind;

  @Field(() => ID, { nullable: true, description: 'The session that it happened to.' })
  sessionId!: string | null;

  @Field(() => Boolean, { description: 'Whether that session is the one that listens.' })
  current!: boolean;

  @Field(() => GraphQLDateTime)
  at!: Date;
}
