/** What the shell of a page tells its script. Nothing of it is secret, and nobody is named. */
export interface ShellSettings {
  /** The path of PUBLIC_URL before everything, such as `/auth`; else empty. */
  readonly base: string;
  /** The path of the GraphQL endpoint that the pages ask. */
  readonly graphql: string;
  readonly product: string;
  /** The address of the operator's logo. */
  readonly logo: string | null;
  readonly locale: string;
  readonly locales: readonly string[];
  /** Addresses of the operator's texts, by language tag. */
  readonly texts: Readonly<Record<string, string>>;
  /** Code points. */
  readonly passwordMinLength: number;
  /** Whether people register by themselves. */
  readonly hasSignUp: boolean;
  /** Where an application's visitor is sent back to, or that its request is refused. */
  readonly visit: Visit | null;
}

export type Visit =
  | { readonly application: string; readonly redirectUri: string }
  | { readonly refused: true };
