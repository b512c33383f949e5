/** What mails there are. A file of MAIL_TEMPLATES is named for it. */
export const mailTemplates = [
  'verify-email',
  'account-exists',
  'sign-in-code',
  'sign-in-link',
  'reset-password',
  'invitation',
  'password-set',
  'password-changed',
  'password-removed',
  'new-device',
  'authenticator-added',
  'authenticator-removed',
  'recovery-codes-replaced',
  'recovery-code-used',
  'second-factor-reset',
  'identity-linked',
  'identity-unlinked',
  'change-email',
  'email-changed',
  'email-left',
  'account-deleted',
] as const;

export type MailTemplate = (typeof mailTemplates)[number];

/** What is known of a mail, whatever its language. */
export interface MailFacts {
  readonly product: string;
  /** The address of a picture; empty where there is none. */
  readonly logo: string;
  /** Where the mail leads; empty where it leads nowhere. */
  readonly link: string;
  /** To be typed; empty where there is none. */
  readonly code: string;
  /** Seconds for which the link, or the code, works. */
  readonly lifetime: number;
  readonly recipient: string;
  /** When it was asked for, or what it tells of happened. */
  readonly at: Date;
  /** From which device; undefined where that is nobody's business, or not known. */
  readonly device: MailDevice | undefined;
}

/** Names out of lists of ours; null for what stands in none of them. */
export interface MailDevice {
  readonly browser: string | null;
  readonly system: string | null;
}

/**
 * What a template may say, in the language of the mail.
 *
 * Attack: an account made with somebody else's address and an advertisement as its name, so that we
 * send the advertisement. Nothing that a person typed stands among these, but the address that the mail
 * goes to.
 */
export interface MailValues {
  readonly product: string;
  readonly logo: string;
  readonly link: string;
  readonly code: string;
  /** Such as `7 days`. */
  readonly lifetime: string;
  readonly recipient: string;
  /** Such as `28 November 2026 at 15:04 UTC`. */
  readonly when: string;
  /** Such as `Firefox on Linux`; empty where it is not known. */
  readonly device: string;
}

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One mail in one language. Each text is a Handlebars template over MailValues. */
export interface MailText {
  readonly subject: string;
  /** What lists of mails show after the subject. */
  readonly preview: string;
  readonly before: readonly string[];
  /** Whether it shows the code, above the button. */
  readonly hasCode?: true;
  /** What the button says; without it the mail has no link. */
  readonly action?: string;
  /** Whether the button is for whoever did not do what it tells: it draws less attention then. */
  readonly isAlarm?: true;
  readonly after: readonly string[];
}

/** What all mails of a language have in common. */
export interface MailWords {
  readonly recipient: string;
  readonly when: string;
  readonly device: string;
  readonly on: string;
  readonly unknownDevice: string;
  /** Above the address, for whoever has no button. */
  readonly orOpen: string;
  /** Why they got it. */
  readonly reason: string;
}
