/** With what we show a provider that we are its client. */
export type ProviderSecret =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  /** Apple takes a token that is signed with a key of ours. */
  | {
      readonly kind: 'apple';
      readonly teamId: string;
      readonly keyId: string;
      /** PKCS #8, as PEM. */
      readonly privateKey: string;
    };

/** A provider whose accounts may be used to sign in here. */
export interface Provider {
  /** Stands in its redirect address. */
  readonly name: string;
  /** As buttons call it. */
  readonly label: string;
  /** How it is asked: by OpenID Connect, or in GitHub's own way. */
  readonly protocol: 'oidc' | 'github';
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: ProviderSecret;
  /** Of apps, whose ID tokens are taken as well. */
  readonly nativeClientIds: readonly string[];
  readonly scopes: readonly string[];
  /**
   * Whether an address that it calls verified counts. Of a provider that we do not know it says as well
   * that it answers for its addresses.
   */
  readonly trustsEmails: boolean;
  /** Whether an account with the same proved address is linked by itself, or only by its holder. */
  readonly link: 'confirm' | 'verified-email';
  /** Whether its second factor counts as ours. */
  readonly satisfies: 'aal1' | 'aal2';
}

/** What a provider has shown of somebody: what it says has been checked to come from it. */
export interface ProvedIdentity {
  /** As the token names it: for Entra the tenant's own. */
  readonly issuer: string;
  /** By which the provider knows the person for good. */
  readonly subject: string;
  readonly email: EmailClaim | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Whether it says that two factors were shown there. */
  readonly hasTwoFactors: boolean;
  /** Epoch seconds at which the person has shown there who they are; null where it does not say. */
  readonly authTime: number | null;
}

/** An address as a provider gives it. */
export interface EmailClaim {
  readonly address: string;
  /** Whether the provider has proved that this person could read its mail, be it years ago. */
  readonly isProved: boolean;
  /**
   * Whether it is this person's now, for the provider itself gives out such addresses, and has proved this
   * one. Nothing else of a provider's counts here as a proof of an address.
   */
  readonly isAuthoritative: boolean;
}

/** What a sign-in was begun with, and the answer is checked against. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** PKCE's secret (RFC 7636). */
  readonly verifier: string;
  /** Seconds since the person has shown there who they are, at the most; null for any time. */
  readonly maxAge: number | null;
}

/** One provider, asked. @throws ProviderRefused, ProviderUnavailable */
export interface ProviderClient {
  /** Where a browser is sent. */
  readonly authorizationUrl: (request: AuthorizationRequest) => Promise<string>;
  /** Redeems what came back to the redirect address. */
  readonly redeem: (
    answer: URLSearchParams,
    request: AuthorizationRequest,
  ) => Promise<ProvedIdentity>;
  /** Reads an ID token that an app has got by itself; absent where there are none. */
  readonly readIdToken?: (
    idToken: string,
    nonce: string,
  ) => Promise<{ readonly identity: ProvedIdentity; readonly expiresAt: Date }>;
}
