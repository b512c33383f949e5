/**
 * How strongly somebody has shown who they are, the weakest first: not at all (a guest), with one factor, with two, and so
 * that no page of a stranger's can pass it on (`phr`, phishing-resistant, as OpenID's extended
 * authentication profile calls it).
 */
export const assuranceLevels = ['aal0', 'aal1', 'aal2', 'phr'] as const;
export type AssuranceLevel = (typeof assuranceLevels)[number];

/** How it was shown: RFC 8176 section 2, and `email`, `fed` (a provider) and `rc` (a recovery code) of our own. */
export const authenticationMethods = [
  'pwd',
  'otp',
  'hwk',
  'swk',
  'mfa',
  'email',
  'fed',
  'rc',
] as const;
export type AuthenticationMethod = (typeof authenticationMethods)[number];

/** What somebody has shown at one moment, as `acr` and `amr` of their tokens say it. */
export interface Proof {
  readonly acr: AssuranceLevel;
  readonly amr: readonly AuthenticationMethod[];
}

/** A proof, and when it was given: a refresh changes none of it. */
export interface Assurance extends Proof {
  readonly authenticatedAt: Date;
}

/** The same as a token says it. Of a token from before there were levels it is the least. */
export interface ShownAssurance extends Proof {
  /** Epoch seconds. */
  readonly authTime: number;
}

export const byPassword: Proof = { acr: 'aal1', amr: ['pwd'] };
/** By reading a mail: one factor, however many mailboxes somebody reads. */
export const byEmail: Proof = { acr: 'aal1', amr: ['email'] };

/** Somebody who has no account has nothing to show, and their tokens say so: it tells them from all others. */
export const byNothing: Proof = { acr: 'aal0', amr: [] };

/** Whether nothing was shown: it is a guest. */
export function isNothing({ acr }: Pick<Proof, 'acr'>): boolean {
  return acr === byNothing.acr;
}

/** Whether a level is at least another. */
export function reaches(acr: AssuranceLevel, wanted: AssuranceLevel): boolean {
  return assuranceLevels.indexOf(acr) >= assuranceLevels.indexOf(wanted);
}

/** Whether something that was shown then is no older than so many seconds: at the last of them it still counts. */
export function isFresh({ authTime }: ShownAssurance, seconds: number, now: Date): boolean {
  return Math.floor(now.getTime() / 1_000) - authTime <= seconds;
}
