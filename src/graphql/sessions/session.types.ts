import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { User } from '../accounts/user.type.ts';

@ObjectType({ description: 'A signed-in device.', simpleResolvers: true })
export class Session {
  @Field(() => ID)
  id!: string;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it was opened or last refreshed.' })
  lastUsedAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'Its absolute end, however often it is refreshed.' })
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'As its client says.' })
  browser!: string | null;

  @Field(() => String, { nullable: true, description: 'The operating system, as its client says.' })
  system!: string | null;

  @Field(() => String, { nullable: true, description: 'The address from which it was opened.' })
  ip!: string | null;

  @Field(() => Boolean, { description: 'Whether it is the one that asks.' })
  current!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class AuthPayload {
  @Field(() => String, { description: 'Send it as `Authorization: Bearer …`.' })
  accessToken!: string;

  @Field(() => String)
  tokenType!: string;

  @Field(() => Int, { description: 'Seconds until the access token ends.' })
  expiresIn!: number;

  @Field(() => GraphQLDateTime, { description: 'When the access token ends.' })
  expiresAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Only where it was asked for in the body; null when it went into the cookie.',
  })
  refreshToken!: string | null;

  @Field(() => GraphQLDateTime, { description: 'When the refresh token ends, unused.' })
  refreshTokenExpiresAt!: Date;

  @Field(() => Session)
  session!: Session;

  @Field(() => User)
  user!: User;

  @Field(() => ID, {
    nullable: true,
    description:
      'The guest that I was until I signed in to an account that I had: their session has ended.',
  })
  supersededGuestId!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class ExchangeTokenPayload {
  @Field(() => String, { description: 'Send it as `Authorization: Bearer …`, for this page only.' })
  accessToken!: string;

  @Field(() => String)
  tokenType!: string;

  @Field(() => Int, { description: 'Seconds until the access token ends, 60 at most.' })
  expiresIn!: number;

  @Field(() => GraphQLDateTime, { description: 'When the access token ends.' })
  expiresAt!: Date;

  @Field(() => Session)
  session!: Session;

  @Field(() => User)
  user!: User;
}

@ObjectType({ simpleResolvers: true })
export class RevokeSessionPayload {
  @Field(() => Boolean)
  success!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class RevokeOtherSessionsPayload {
  @Field(() => Int)
  revokedCount!: number;
}

@ObjectType({ simpleResolvers: true })
export class LogoutPayload {
  @Field(() => Boolean)
  success!: boolean;
}
