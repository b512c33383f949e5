import type { Request, Response } from 'express';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Client } from '../core/client.ts';
import {
  type CurrentUser,
  type DeviceCookie,
  type EmailSignInCookie,
  type GraphQLContext,
  type PendingSignInCookie,
  type ProviderCookie,
  type RefreshCookie,
  type RegistrantCookie,
  type RequestHeaders,
  toCurrentUser,
} from '../graphql/context.ts';
import type { RequestActivity } from '../graphql/request-activity.ts';
import { type Locale, locales } from '../mail/locale.ts';
import type { Authenticate, Authentication } from '../sessions/authenticate.ts';
import type { DeviceTokens } from '../tokens/device-token.ts';
import type { RegistrantTokens } from '../tokens/registrant-token.ts';
import { type AccountLoader, createAccountBatches } from './account-batches.ts';
import type { ClientOf } from './client-address.ts';
import { deviceCookie } from './device-cookie.ts';
import { emailSignInCookie } from './email-sign-in-cookie.ts';
import { pendingSignInCookie } from './pending-sign-in-cookie.ts';
import { providerCookie } from './provider-cookie.ts';
import { type RefreshCookieOptions, refreshCookie } from './refresh-cookie.ts';
import { registrantCookie } from './registrant-cookie.ts';
import { activityOf } from './request-id.ts';

export interface RequestContextOptions extends RefreshCookieOptions {
  readonly authenticate: Authenticate;
  readonly accounts: Pick<AccountStore, 'findByIds'>;
  readonly clientOf: ClientOf;
  readonly deviceTokens: DeviceTokens;
  readonly registrantTokens: RegistrantTokens;
}

export type CreateContext = (
  request: Request,
  response: Response,
) => GraphQLContext | Promise<GraphQLContext>;

/** What operations learn of the request that asked for them. */
export function createRequestContexts(options: RequestContextOptions): CreateContext {
  const shared: Shared = { ...options, accountsOfRequest: createAccountBatches(options.accounts) };
  return (request, response) => {
    const found = options.authenticate(request.headers.authorization);
    return found instanceof Promise
      ? found.then(
          (authentication) => new RequestContext(request, response, authentication, shared),
        )
      : new RequestContext(request, response, found, shared);
  };
}

interface Shared extends RequestContextOptions {
  readonly accountsOfRequest: () => AccountLoader;
}

/**
 * Most operations ask for little of it, so that most is made when the first asks. Apollo Server copies
 * it property by property, which is why none of them is a `#private` one.
 */
class RequestContext implements GraphQLContext {
  readonly activity: RequestActivity;
  readonly headers: RequestHeaders;
  readonly authentication: Authentication;
  readonly user: CurrentUser | null;
  private readonly request: Request;
  private readonly response: Response;
  private readonly shared: Shared;
  private knownClient: Client | undefined;
  private knownAccounts: AccountLoader | undefined;
  private knownGone: AbortSignal | undefined;

  constructor(
    request: Request,
    response: Response,
    authentication: Authentication,
    shared: Shared,
  ) {
    this.activity = activityOf(response);
    this.headers = request.headers;
    this.authentication = authentication;
    this.user = toCurrentUser(authentication);
    this.request = request;
    this.response = response;
    this.shared = shared;
  }

  get client(): Client {
    this.knownClient ??= this.shared.clientOf(this.request);
    return this.knownClient;
  }

  get accounts(): AccountLoader {
    this.knownAccounts ??= this.shared.accountsOfRequest();
    return this.knownAccounts;
  }

  get gone(): AbortSignal {
    this.knownGone ??= goneOf(this.response);
    return this.knownGone;
  }

  get refreshCookie(): RefreshCookie {
    return refreshCookie(this.request, this.response, this.shared);
  }

  get deviceCookie(): DeviceCookie {
    const { cookie, deviceTokens } = this.shared;
    return deviceCookie(this.request, this.response, cookie, deviceTokens);
  }

  get pendingSignInCookie(): PendingSignInCookie {
    return pendingSignInCookie(this.request, this.response, this.shared);
  }

  get providerCookie(): ProviderCookie {
    return providerCookie(this.request, this.response, this.shared);
  }

  get emailSignInCookie(): EmailSignInCookie {
    return emailSignInCookie(this.request, this.response, this.shared.cookie);
  }

  get registrantCookie(): RegistrantCookie {
    const { cookie, registrantTokens } = this.shared;
    return registrantCookie(this.request, this.response, cookie, registrantTokens);
  }

  get locale(): () => Locale {
    return () => localeOf(this.request);
  }
}

/** By Accept-Language (RFC 9110 section 12.5.4); the first of ours where it names none of them. */
function localeOf(request: Request): Locale {
  const chosen = request.acceptsLanguages(...locales);
  return locales.find((locale) => locale === chosen) ?? locales[0];
}

function goneOf(response: Response): AbortSignal {
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  else response.once('close', () => response.writableFinished || controller.abort());
  return controller.signal;
}
