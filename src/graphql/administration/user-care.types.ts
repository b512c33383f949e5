import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars/email-address.ts';
import { UserInput } from './user.types.ts';

@ObjectType({ simpleResolvers: true })
export class SendVerificationPayload {
  @Field(() => Boolean, {
    description: 'False where there is nothing to prove, or the account is disabled.',
  })
  sent!: boolean;
}

@InputType()
export class RequestUserEmailChangeInput extends UserInput {
  @Field(() => EmailAddressScalar)
  newEmail!: string;
}

@ObjectType({ simpleResolvers: true })
export class RequestUserEmailChangePayload {
  @Field(() => Boolean)
  success!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class DeleteUserPayload {
  @Field(() => Int, { description: 'How many sessions were ended.' })
  revokedCount!: number;
}

@ObjectType({ simpleResolvers: true })
export class ExportUserDataPayload {
  @Field(() => GraphQLJSONObject, {
    description: 'For a file: the account, its roles, sessions and audit events.',
  })
  data!: object;
}

@InputType()
export class LiftThrottleInput {
  @Field(() => ID, { nullable: true, description: 'Of this account, from wherever they came.' })
  userId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of this IP address, whatever they aimed at; of IPv6 its /64 is meant.',
  })
  ip?: string | null;

  @Field(() => String, { description: 'Why: it stays in the audit trail.' })
  reason!: string;
}

@ObjectType({ simpleResolvers: true })
export class LiftThrottlePayload {
  @Field(() => Boolean)
  success!: boolean;
}
