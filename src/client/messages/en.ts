import type { Messages } from '../messages.ts';

const tooMuch = 'This asks for too much at once.';
const linkNoGood = 'This link is not valid. Ask for a new one.';
const signInAgain = 'Please sign in again.';
const notAllowed = 'You are not allowed to do this.';
const busy = 'The service is busy. Please try again in a moment.';
const ours = 'Something went wrong on our side.';

export const en: Messages = {
  ACCOUNT_DISABLED: 'This account is disabled.',
  ALIASES: tooMuch,
  ANSWER_UNFIT: ours,
  BAD_USER_INPUT: 'Please check what you entered.',
  BODY_SIZE: tooMuch,
  BUSY: busy,
  COST: tooMuch,
  CREDENTIAL_FIELDS: tooMuch,
  DATABASE: busy,
  DEPTH: tooMuch,
  DIRECTIVES: tooMuch,
  DOCUMENT_SIZE: tooMuch,
  EMAIL_NOT_VERIFIED: 'Please confirm your e-mail address first. We sent you a link.',
  EMAIL_TAKEN: 'There is an account with this e-mail address already.',
  ENTITY_GONE: 'This no longer exists.',
  FORBIDDEN: notAllowed,
  GRAPH_INCOMPLETE: ours,
  INVALID_CREDENTIALS: 'The name or the password is wrong.',
  NETWORK: 'The service can’t be reached. Please check your connection.',
  NO_PLAN: ours,
  ONE_TIME_TOKEN_EXPIRED: 'This link has expired. Ask for a new one.',
  ONE_TIME_TOKEN_INVALID: linkNoGood,
  ONE_TIME_TOKEN_USED: 'This link was used already.',
  ONE_TIME_TOKEN_WRONG_PURPOSE: linkNoGood,
  ORIGIN_REFUSED: 'This site may not sign you in here.',
  POLICY_DENIED: notAllowed,
  RATE_LIMITED: 'Too many attempts. Please wait a little and try again.',
  REFERENCES: tooMuch,
  REFRESH_TOKEN_EXPIRED: 'You were signed out after a long time. Please sign in again.',
  REFRESH_TOKEN_INVALID: signInAgain,
  REFRESH_TOKEN_REUSED:
    'You were signed out, because somebody else may have used your session. Please sign in again.',
  REFRESH_TOKEN_SUPERSEDED: busy,
  RESERVED_NAME: 'This name can’t be used.',
  ROLE_MISSING: notAllowed,
  SCOPE_MISSING: notAllowed,
  SERVER_NOT_TRUSTED: ours,
  SERVICE_UNAVAILABLE: busy,
  SESSION_CHANGED: 'Somebody else is signed in by now, or nobody. Please try again.',
  SESSION_NOT_FOUND: 'This device is signed out already.',
  SESSION_REVOKED: 'You were signed out. Please sign in again.',
  SUBGRAPH_UNAUTHENTICATED: signInAgain,
  SUBSCRIPTIONS: tooMuch,
  TOKENS: tooMuch,
  TOKEN_EXPIRED: signInAgain,
  TOKEN_INVALID: signInAgain,
  TOKEN_MALFORMED: signInAgain,
  TOKEN_MISSING: 'Please sign in.',
  UNAUTHENTICATED: signInAgain,
  USERNAME_TAKEN: 'This username is taken.',
  USER_NOT_FOUND: 'There is no such person.',
  VARIABLES: tooMuch,
  other: ours,
};
