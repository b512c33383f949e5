/** What the shell of a page tells its script. Nothing of it is secret, and nobody is named. */
export interface ShellSettings {
  /** The path of PUBLIC_URL before everything, such as `/auth`; else empty. */
  readonly base: string;
  /** The path of the GraphQL endpoint that the pages ask. */
  readonly graphql: string;
  /** The document that tells of what happens to a session, as the graph calls it; null where it does not. */
  readonly sessionEvents: string | null;
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
  /** Whether they may sign in with what a mail says. */
  readonly hasEmailSignIn: boolean;
  /** With whose accounts they may sign in. */
  readonly providers: readonly { readonly name: string; readonly label: string }[];
  /** Where an application's visitor is sent back to, or that its request is refused. */
  readonly visit: Visit | null;
}

export type Visit =
  | { readonly application: string; readonly redirectUri: string }
  | { readonly refused: true };
