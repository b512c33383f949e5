import type { Config } from '../config/config.ts';
import type { SignInOptionsUseCases } from '../graphql/sessions/sign-in-options.resolver.ts';

const emailSignIns = { off: 'OFF', code: 'CODE', link: 'LINK' } as const;
const signUps = { open: 'OPEN', closed: 'CLOSED' } as const;

/** What a page for signing in is told. */
export function wireSignInOptions({
  emailSignIn,
  signUp,
  providers,
  hasGuests,
}: Config): SignInOptionsUseCases {
  return {
    describeSignIn: () => ({
      methods: ['PASSWORD', 'PASSKEY'],
      emailSignIn: emailSignIns[emailSignIn],
      providers: providers.map(({ name, label }) => ({ name, label })),
      signUp: signUps[signUp],
      guests: hasGuests,
    }),
  };
}
