/** What mails there are. A file of MAIL_TEMPLATES is named for it. */
export const mailTemplates = [
  'verify-email',
  'account-exists',
  'reset-password',
  'invitation',
  'password-changed',
  'change-email',
  'email-changed',
  'email-left',
  'account-deleted',
] as const;

export type MailTemplate = (typeof mailTemplates)[number];

/**
 * What a template may say.
 *
 * Attack: an account made with somebody else's address and an advertisement as its name, so that we
 * send the advertisement. Nothing that a person typed stands among these.
 */
export interface MailValues {
  readonly product: string;
  /** Where the mail leads; empty where it leads nowhere. */
  readonly link: string;
  /** For how long the link works. */
  readonly hours: number;
  readonly minutes: number;
}

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One mail in one language. Each text is a Handlebars template over MailValues. */
export interface MailText {
  readonly subject: string;
  readonly before: readonly string[];
  /** What the link says; without it the mail has no link. */
  readonly action?: string;
  readonly after: readonly string[];
}
