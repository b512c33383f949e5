import { Field, ID, InputType, Int } from 'type-graphql';
import { TokenDelivery } from '../sessions/token-delivery.ts';

@InputType()
export class BeginProviderSignInInput {
  @Field(() => String, { description: 'Its name, of `signInOptions`.' })
  provider!: string;

  @Field(() => String, {
    description:
      'The page that the browser is sent to then, with `#code=…` for completeProviderSignIn. Its origin is ours, or one of CORS_ORIGINS.',
  })
  returnTo!: string;

  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;

  @Field(() => String, {
    nullable: true,
    description:
      'With `delivery: BODY`, where no cookie binds the end to the beginning: the SHA-256 of a verifier of yours, as PKCE has it.',
  })
  codeChallenge?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds, such as `stepUp.maxAge` of a refusal: who has shown the provider longer ago who they are is to show it again. Only a provider that tells the time of it makes a sign-in that counts as fresh.',
  })
  maxAge?: number | null;
}

@InputType()
export class BeginProviderLinkInput extends BeginProviderSignInInput {}

@InputType()
export class CompleteProviderLinkInput {
  @Field(() => String, {
    description: 'Out of the fragment of the page. It works once, for a minute.',
  })
  code!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What the challenge was made of, where it was begun with `delivery: BODY`. Otherwise the cookie binds.',
  })
  codeVerifier?: string | null;
}

@InputType()
export class CompleteProviderSignInInput extends CompleteProviderLinkInput {
  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}

@InputType()
export class UnlinkIdentityInput {
  @Field(() => ID)
  id!: string;
}

@InputType()
export class SignInWithIdTokenInput {
  @Field(() => String, { description: 'Its name, of `signInOptions`.' })
  provider!: string;

  @Field(() => String, { description: 'As the SDK of the provider gives it to an app.' })
  idToken!: string;

  @Field(() => String, {
    description:
      'What the app has made up, of 16 characters at least. The provider was given its SHA-256, in hexadecimal digits.',
  })
  nonce!: string;

  @Field(() => TokenDelivery, { defaultValue: TokenDelivery.COOKIE })
  delivery!: TokenDelivery;
}
