/**
 * How strongly somebody has shown who they are, the weakest first: with one factor, with two, and so
 * that no page of a stranger's can pass it on (`phr`, phishing-resistant, as OpenID's extended
 * authentication profile calls it).
 */
export const assuranceLevels = ['aal1', 'aal2', 'phr'] as const;
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

/** Whether a level is at least another. */
export function reaches(acr: AssuranceLevel, wanted: AssuranceLevel): boolean {
  return assuranceLevels.indexOf(acr) >= assuranceLevels.indexOf(wanted);
}

/** Whether something that was shown then is no older than so many seconds: at the last of them it still counts. */
export function isFresh({ authTime }: ShownAssurance, seconds: number, now: Date): boolean {
  return Math.floor(now.getTime() / 1_000) - authTime <= seconds;
}
