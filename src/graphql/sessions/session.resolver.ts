import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Register } from '../../accounts/register.ts';
import type { ExchangeToken } from '../../sessions/exchange-token.ts';
import type { LogIn } from '../../sessions/log-in.ts';
import type { LogOut } from '../../sessions/log-out.ts';
import type { RefreshSession } from '../../sessions/refresh-session.ts';
import type { RefreshWithAny } from '../../sessions/refresh-with-any.ts';
import type { SignedIn } from '../../sessions/signed-in.ts';
import { type GraphQLContext, guestToUpgrade, selfOf } from '../context.ts';
import { toAuthPayload } from './auth-payload.ts';
import { deviceFor } from './device-for.ts';
import { pendingInCookie } from './pending-in-cookie.ts';
import { LoginInput, LogoutInput, RefreshTokenInput, RegisterInput } from './session.inputs.ts';
import { AuthPayload, ExchangeTokenPayload, LogoutPayload } from './session.types.ts';
import { toSession } from './session-connection.ts';
import { TokenDelivery } from './token-delivery.ts';

export interface SessionUseCases {
  readonly register: Register<SignedIn>;
  readonly logIn: LogIn;
  readonly refreshSession: RefreshSession;
  readonly refreshWithAny: RefreshWithAny;
  readonly exchangeToken: ExchangeToken;
  readonly logOut: LogOut;
}

/** In lower case, as Node has it. */
const tokenExchangeHeader = 'x-token-exchange-secret';

@Resolver()
export class SessionResolver {
  private readonly useCases: SessionUseCases;

  constructor(useCases: SessionUseCases) {
    this.useCases = useCases;
  }

  @Mutation(() => AuthPayload, {
    description:
      'Makes an account and signs in. Asked for by a guest, the account is theirs: it has their id.',
  })
  async register(
    @Arg('input', () => RegisterInput) input: RegisterInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    const device = deviceFor(input.delivery, context);
    const signedIn = await this.useCases.register({
      email: input.email,
      password: input.password,
      username: input.username ?? null,
      firstName: input.firstName ?? null,
      lastName: input.lastName ?? null,
      client: context.client,
      device,
      remember: (registration) => {
        if (input.delivery === TokenDelivery.COOKIE)
          context.registrantCookie.remember(registration);
      },
      locale: context.locale(),
      guest: guestToUpgrade(context),
    });
    return toAuthPayload(signedIn, input.delivery, context);
  }

  @Mutation(() => AuthPayload)
  async login(
    @Arg('input', () => LoginInput) { identifier, password, delivery }: LoginInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    const device = deviceFor(delivery, context);
    const { client } = context;
    const who = { client, device, locale: context.locale(), guest: guestToUpgrade(context) };
    const command = { identifier, password, ...who };
    const signedIn = await this.useCases.logIn(command).catch((error: unknown) => {
      throw pendingInCookie(error, delivery, context);
    });
    return toAuthPayload(signedIn, delivery, context);
  }

  @Mutation(() => AuthPayload, {
    description: 'Exchanges the refresh token, of the input or else of the cookie, for a new pair.',
  })
  async refreshToken(
    @Arg('input', () => RefreshTokenInput, { nullable: true }) input: RefreshTokenInput | null,
    @Ctx() context: GraphQLContext,
  ): Promise<AuthPayload> {
    const { client, refreshCookie } = context;
    // A token that came in a cookie goes back only in a cookie: a script in the page can't trade the
    // cookie for a token that it can read.
    if (input) {
      const signedIn = await this.useCases.refreshSession(input.refreshToken, client);
      return toAuthPayload(signedIn, TokenDelivery.BODY, context);
    }
    const signedIn = await this.useCases.refreshWithAny(refreshCookie.read(), client);
    return toAuthPayload(signedIn, TokenDelivery.COOKIE, context);
  }

  // A mutation, for it heeds a cookie. Nothing of it is an answer to a browser: no cookie is set.
  @Mutation(() => ExchangeTokenPayload, {
    description:
      'For servers that render pages: an access token of a minute for the refresh token in their visitor’s cookie, which goes on to be good. They show a secret, in the header `X-Token-Exchange-Secret`.',
  })
  async exchangeToken(@Ctx() context: GraphQLContext): Promise<ExchangeTokenPayload> {
    const { client, headers, refreshCookie } = context;
    const secret = headers[tokenExchangeHeader];
    const { account, grants, session, accessToken } = await this.useCases.exchangeToken({
      secret: typeof secret === 'string' ? secret : undefined,
      presented: refreshCookie.read(),
      client,
    });
    return {
      accessToken: accessToken.token,
      tokenType: 'Bearer',
      expiresIn: accessToken.expiresIn,
      expiresAt: accessToken.expiresAt,
      session: toSession(session, session.id),
      user: { id: account.id, roles: grants.roles, account },
    };
  }

  @Mutation(() => LogoutPayload, {
    description:
      'Ends this session: the one of the input, else of the cookie, else of the access token.',
  })
  async logout(
    @Arg('input', () => LogoutInput, { nullable: true }) input: LogoutInput | null,
    @Ctx() context: GraphQLContext,
  ): Promise<LogoutPayload> {
    const { client, refreshCookie } = context;
    const user = context.user ?? selfOf(context);
    const token = input?.refreshToken ?? undefined;
    const cookies = token === undefined ? refreshCookie.read() : [];
    await this.useCases.logOut({
      refreshTokens: token === undefined ? cookies : [token],
      session: user ? { userId: user.id, sessionId: user.sessionId } : undefined,
      client,
    });
    if (cookies.length > 0) refreshCookie.clear();
    return { success: true };
  }
}
