import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { RequestEmailSignIn } from '../../email-sign-in/request-email-sign-in.ts';
import type { SignInWithEmailCode } from '../../email-sign-in/sign-in-with-email-code.ts';
import type { SignInWithEmailLink } from '../../email-sign-in/sign-in-with-email-link.ts';
import type { SignedIn } from '../../sessions/signed-in.ts';
import { type GraphQLContext, guestToUpgrade, selfOf } from '../context.ts';
import { toAuthPayload } from '../sessions/auth-payload.ts';
import { deviceFor } from '../sessions/device-for.ts';
import { pendingInCookie } from '../sessions/pending-in-cookie.ts';
import { AuthPayload } from '../sessions/session.types.ts';
import { TokenDelivery } from '../sessions/token-delivery.ts';
import {
  RequestSignInEmailInput,
  SignInWithEmailCodeInput,
  SignInWithEmailLinkInput,
} from './email-sign-in.inputs.ts';
import { RequestSignInEmailPayload } from './email-sign-in.types.ts';

export interface EmailSignInUseCases {
  readonly requestEmailSignIn: RequestEmailSignIn;
  readonly signInWithEmailCode: SignInWithEmailCode<SignedIn>;
  readonly signInWithEmailLink: SignInWithEmailLink<SignedIn>;
}

@Resolver()
export class EmailSignInResolver {
  private readonly useCases: EmailSignInUseCases;

  constructor(useCases: EmailSignInUseCases) {
    this.useCases = useCases;
  }

  @Mutation(() => RequestSignInEmailPayload, {
    description:
      'Asks for a mail to sign in with. The answer does not tell whether there is an account.',
  })
  async requestSignInEmail(
    @Arg('input', () => RequestSignInEmailInput) { email, delivery }: RequestSignInEmailInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RequestSignInEmailPayload> {
    const { client, emailSignInCookie } = context;
    const inCookie = delivery === TokenDelivery.COOKIE;
    const device = deviceFor(delivery, context);
    const { requestId, expiresAt, binding } = await this.useCases.requestEmailSignIn({
      email,
      bindings: inCookie ? emailSignInCookie.read() : [],
      client,
      device,
      locale: context.locale(),
    });
    if (inCookie) emailSignInCookie.write(binding, expiresAt);
    return { requestId, expiresAt, binding: inCookie ? null : binding };
  }

  @Mutation(() => AuthPayload, {
    description: 'Signs in with the code of a mail, where it was asked for.',
  })
  async signInWithEmailCode(
    @Arg('input', () => SignInWithEmailCodeInput) input: SignInWithEmailCodeInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    const { requestId, code } = input;
    return signIn(input, context, (command) =>
      this.useCases.signInWithEmailCode({ ...command, requestId, code }),
    );
  }

  @Mutation(() => AuthPayload, {
    description:
      'Signs in with the link of a mail: by itself in the browser that asked for it, elsewhere with the code of the same mail.',
  })
  async signInWithEmailLink(
    @Arg('input', () => SignInWithEmailLinkInput) input: SignInWithEmailLinkInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    const { token, code } = input;
    return signIn(input, context, (command) =>
      this.useCases.signInWithEmailLink({ ...command, token, code: code ?? undefined }),
    );
  }
}

type Command = Omit<
  Parameters<EmailSignInUseCases['signInWithEmailCode']>[0],
  'requestId' | 'code'
>;

async function signIn(
  { binding, delivery }: { readonly binding?: string | null; readonly delivery: TokenDelivery },
  context: GraphQLContext,
  open: (command: Command) => Promise<SignedIn>,
): Promise<AuthPayload> {
  const device = deviceFor(delivery, context);
  const { client, emailSignInCookie, registrantCookie } = context;
  // What came in a cookie opens what goes into a cookie, and what did not opens nothing there: a script in
  // the page can't trade the cookie for a token that it can read, nor a stranger's binding for a cookie.
  const bindings =
    delivery === TokenDelivery.COOKIE
      ? emailSignInCookie.read()
      : [binding].filter((given) => typeof given === 'string');
  const signedIn = await open({
    bindings,
    signedIn: selfOf(context),
    isRegistrant: registrantCookie.isOf,
    client,
    device,
    locale: context.locale(),
    guest: guestToUpgrade(context),
  }).catch((error: unknown) => {
    throw pendingInCookie(error, delivery, context);
  });
  return toAuthPayload(signedIn, delivery, context);
}
