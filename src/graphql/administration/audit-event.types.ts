import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { PageInfo } from '../page-info.type.ts';

@ObjectType({ description: 'A security event. None is ever changed.', simpleResolvers: true })
export class AuditEvent {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Such as `session.revoked`.' })
  type!: string;

  @Field(() => GraphQLDateTime)
  at!: Date;

  @Field(() => ID, { nullable: true, description: 'The account that it happened to.' })
  userId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The administrator who did it.' })
  actorId!: string | null;

  @Field(() => ID, { nullable: true })
  sessionId!: string | null;

  @Field(() => String, { nullable: true })
  ip!: string | null;

  @Field(() => String, { nullable: true })
  userAgent!: string | null;

  @Field(() => GraphQLJSONObject)
  detail!: object;
}

@ObjectType({ simpleResolvers: true })
export class AuditEventEdge {
  @Field(() => AuditEvent)
  node!: AuditEvent;

  @Field(() => String)
  cursor!: string;
}

@ObjectType({ simpleResolvers: true })
export class AuditEventConnection {
  @Field(() => [AuditEventEdge])
  edges!: readonly AuditEventEdge[];

  @Field(() => [AuditEvent])
  nodes!: readonly AuditEvent[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@InputType({ description: 'What is absent lets everything through; the rest holds together.' })
export class AuditEventFilter {
  @Field(() => [String], { nullable: true })
  types?: string[] | null;

  @Field(() => ID, { nullable: true })
  userId?: string | null;

  @Field(() => ID, { nullable: true })
  actorId?: string | null;

  @Field(() => ID, { nullable: true })
  sessionId?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  from?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  until?: Date | null;
}
