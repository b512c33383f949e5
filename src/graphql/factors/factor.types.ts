import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { AssuranceLevel } from '../../core/assurance.ts';
import type { FactorMethod } from '../../factors/factors.ts';
import { FactorMethodEnum } from './factor-method.ts';

@ObjectType({ description: 'An app that makes codes.', simpleResolvers: true })
export class TotpAuthenticator {
  @Field(() => ID)
  id!: string;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;
}

@ObjectType({ simpleResolvers: true })
export class PasskeyAuthenticator {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Boolean, { description: 'Whether its device may copy it to others.' })
  synced!: boolean;

  @Field(() => GraphQLDateTime)
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true })
  lastUsedAt!: Date | null;

  @Field(() => Boolean, {
    description: 'It seems to have been copied, and opens nothing any more.',
  })
  suspended!: boolean;
}

@ObjectType({
  description: 'What `navigator.credentials` is given, and what comes back with its answer.',
  simpleResolvers: true,
})
export class PasskeyCeremony {
  @Field(() => String)
  ceremony!: string;

  @Field(() => GraphQLJSONObject, {
    description: 'As `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` take it.',
  })
  options!: object;

  @Field(() => GraphQLDateTime)
  expiresAt!: Date;
}

@ObjectType({ simpleResolvers: true })
export class PasskeyPayload {
  @Field(() => PasskeyAuthenticator)
  passkey!: PasskeyAuthenticator;

  @Field(() => [String], {
    description: 'Shown this once, with the first second factor; none otherwise.',
  })
  recoveryCodes!: readonly string[];
}

@ObjectType({
  description: 'What my account is opened with besides the password.',
  simpleResolvers: true,
})
export class Authenticators {
  @Field(() => Boolean)
  hasPassword!: boolean;

  @Field(() => TotpAuthenticator, { nullable: true })
  totp!: TotpAuthenticator | null;

  @Field(() => [PasskeyAuthenticator])
  passkeys!: readonly PasskeyAuthenticator[];

  @Field(() => Int, { description: 'Each works once.' })
  recoveryCodesLeft!: number;
}

@ObjectType({ simpleResolvers: true })
export class BeginTotpSetupPayload {
  @Field(() => String, { description: 'For whoever types it: base 32.' })
  secret!: string;

  @Field(() => String, { description: 'What a picture of it holds (an otpauth: address).' })
  otpauthUrl!: string;

  @Field(() => GraphQLDateTime, { description: 'Until then the first code has to come.' })
  expiresAt!: Date;
}

@ObjectType({ simpleResolvers: true })
export class ConfirmTotpSetupPayload {
  @Field(() => [String], {
    description: 'Shown this once; none where the account has some that go on to be good.',
  })
  recoveryCodes!: readonly string[];

  @Field(() => Authenticators)
  authenticators!: Authenticators;
}

@ObjectType({ simpleResolvers: true })
export class RegenerateRecoveryCodesPayload {
  @Field(() => [String], { description: 'Shown this once. Those of before are no good any more.' })
  recoveryCodes!: readonly string[];
}

@ObjectType({ simpleResolvers: true })
export class RemoveAuthenticatorPayload {
  @Field(() => Authenticators)
  authenticators!: Authenticators;
}

@ObjectType({ simpleResolvers: true })
export class StepUpOptions {
  @Field(() => [FactorMethodEnum], { description: 'What the person can show; the best first.' })
  methods!: readonly FactorMethod[];

  @Field(() => PasskeyCeremony, {
    nullable: true,
    description: 'For a passkey, where there is one.',
  })
  passkey!: PasskeyCeremony | null;
}

@ObjectType({ simpleResolvers: true })
export class StepUpPayload {
  @Field(() => String, { description: 'In place of the one that asked.' })
  accessToken!: string;

  @Field(() => String)
  tokenType!: string;

  @Field(() => Int, { description: 'Seconds until the access token ends.' })
  expiresIn!: number;

  @Field(() => GraphQLDateTime, { description: 'When the access token ends.' })
  expiresAt!: Date;

  @Field(() => String, { description: 'The level that was shown: `aal1`, `aal2` or `phr`.' })
  acr!: AssuranceLevel;

  @Field(() => GraphQLDateTime)
  authenticatedAt!: Date;
}
