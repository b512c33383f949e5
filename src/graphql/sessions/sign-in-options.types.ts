import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { FactorMethod } from '../../factors/factors.ts';
import { FactorMethodEnum } from '../factors/factor-method.ts';
import { SignInProvider } from '../providers/provider.types.ts';

export const EmailSignIn = { OFF: 'OFF', CODE: 'CODE', LINK: 'LINK' } as const;
export type EmailSignIn = keyof typeof EmailSignIn;

registerEnumType(EmailSignIn, {
  name: 'EmailSignIn',
  description: 'What a mail has to sign in with.',
  valuesConfig: { LINK: { description: 'A link and a code.' } },
});

export const SignUp = { OPEN: 'OPEN', CLOSED: 'CLOSED' } as const;
export type SignUp = keyof typeof SignUp;

registerEnumType(SignUp, {
  name: 'SignUp',
  description: 'Whether people make accounts by themselves.',
  valuesConfig: { CLOSED: { description: 'Administrators make them, and invite.' } },
});

@ObjectType({
  description: 'What a page for signing in has to know: the same for everybody.',
  simpleResolvers: true,
})
export class SignInOptions {
  @Field(() => [FactorMethodEnum], { description: 'What a sign-in may begin with.' })
  methods!: readonly FactorMethod[];

  @Field(() => EmailSignIn, { description: 'Of `requestSignInEmail`.' })
  emailSignIn!: EmailSignIn;

  @Field(() => [SignInProvider], { description: 'For beginProviderSignIn.' })
  providers!: readonly SignInProvider[];

  @Field(() => SignUp)
  signUp!: SignUp;

  @Field(() => Boolean, { description: 'Whether signInAsGuest lets one go on without an account.' })
  guests!: boolean;
}
