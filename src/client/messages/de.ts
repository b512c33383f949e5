import type { Messages } from '../messages.ts';

const tooMuch = 'Das ist zu viel auf einmal.';
const linkNoGood = 'Dieser Link ist nicht gültig. Bitte fordern Sie einen neuen an.';
const signInAgain = 'Bitte melden Sie sich erneut an.';
const notAllowed = 'Dazu sind Sie nicht berechtigt.';
const busy = 'Der Dienst ist ausgelastet. Bitte versuchen Sie es gleich noch einmal.';
const ours = 'Bei uns ist etwas schiefgegangen.';

export const de: Messages = {
  ACCOUNT_DISABLED: 'Dieses Konto ist gesperrt.',
  ACCOUNT_REQUIRED: 'Bitte registrieren Sie sich, oder melden Sie sich an.',
  ALIASES: tooMuch,
  ANSWER_UNFIT: ours,
  AUTHENTICATOR_NOT_FOUND: 'Das gibt es nicht mehr.',
  BAD_USER_INPUT: 'Bitte prüfen Sie Ihre Eingaben.',
  BODY_SIZE: tooMuch,
  BUSY: busy,
  CANCELLED:
    'Es wurde kein Passkey gezeigt. Bitte versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.',
  CEREMONY_EXPIRED: 'Das hat zu lange gedauert. Bitte beginnen Sie noch einmal.',
  CEREMONY_INVALID: 'Das hat nicht geklappt. Bitte beginnen Sie noch einmal.',
  CODE_EXPIRED: 'Dieser Code gilt nicht mehr. Bitte fordern Sie eine neue E-Mail an.',
  CODE_INVALID: 'Der Code ist falsch.',
  CODE_USED: 'Dieser Code wurde schon verwendet. Bitte warten Sie auf den nächsten.',
  COST: tooMuch,
  CREDENTIAL_FIELDS: tooMuch,
  DATABASE: busy,
  DEPTH: tooMuch,
  DIRECTIVES: tooMuch,
  DOCUMENT_SIZE: tooMuch,
  EMAIL_CHANGE_STARTED_ELSEWHERE:
    'Bitte öffnen Sie diesen Link dort, wo Sie angemeldet sind, oder melden Sie sich hier an und öffnen Sie ihn noch einmal.',
  EMAIL_NOT_VERIFIED:
    'Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse. Wir haben Ihnen einen Link geschickt.',
  EMAIL_UNPROVED_BY_PROVIDER:
    'Dieser Anbieter bestätigt Ihre E-Mail-Adresse nicht. Bitte registrieren Sie sich damit, und verknüpfen Sie ihn dann.',
  EMAIL_TAKEN: 'Zu dieser E-Mail-Adresse gibt es bereits ein Konto.',
  ENROLMENT_REQUIRED: 'Bitte fügen Sie Ihrem Konto zuerst einen zweiten Faktor hinzu.',
  ENTITY_GONE: 'Das gibt es nicht mehr.',
  FORBIDDEN: notAllowed,
  GRAPH_INCOMPLETE: ours,
  GUESTS_OFF: 'Bitte registrieren Sie sich, oder melden Sie sich an.',
  IDENTITY_NOT_FOUND: 'Das gibt es nicht mehr.',
  IDENTITY_TAKEN: 'Das gehört schon zu einem anderen Konto.',
  INVALID_CREDENTIALS: 'Der Name oder das Passwort ist falsch.',
  LAST_AUTHENTICATOR:
    'Das ist Ihr letzter Weg, sich anzumelden. Fügen Sie erst einen anderen hinzu.',
  LINK_REQUIRED:
    'Zu dieser E-Mail-Adresse gibt es bereits ein Konto. Bitte melden Sie sich anders an, und verknüpfen Sie den Anbieter dann.',
  NETWORK: 'Der Dienst ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung.',
  NO_PLAN: ours,
  ONE_TIME_TOKEN_EXPIRED: 'Dieser Link ist abgelaufen. Bitte fordern Sie einen neuen an.',
  ONE_TIME_TOKEN_INVALID: linkNoGood,
  ONE_TIME_TOKEN_USED: 'Dieser Link wurde bereits benutzt.',
  ONE_TIME_TOKEN_WRONG_PURPOSE: linkNoGood,
  ORIGIN_REFUSED: 'Diese Seite darf Sie hier nicht anmelden.',
  PASSKEY_EXISTS: 'Dieses Gerät hat schon einen Passkey Ihres Kontos.',
  PASSKEY_SUSPENDED:
    'Dieser Passkey wurde gesperrt. Melden Sie sich anders an, und entfernen Sie ihn.',
  PASSKEY_UNAVAILABLE: 'Passkeys gehen hier nicht. Bitte wählen Sie einen anderen Weg.',
  PASSKEY_UNKNOWN: 'Dieser Passkey gehört hier zu keinem Konto.',
  POLICY_DENIED: notAllowed,
  PROVIDER_REFUSED: 'Der Anbieter hat Sie nicht angemeldet. Bitte versuchen Sie es noch einmal.',
  PROVIDER_UNAVAILABLE: busy,
  RATE_LIMITED: 'Zu viele Versuche. Bitte warten Sie ein wenig und versuchen Sie es noch einmal.',
  REFERENCES: tooMuch,
  REFRESH_TOKEN_EXPIRED: 'Sie wurden nach langer Zeit abgemeldet. Bitte melden Sie sich erneut an.',
  REFRESH_TOKEN_INVALID: signInAgain,
  REFRESH_TOKEN_REUSED:
    'Sie wurden abgemeldet, weil jemand anders Ihre Sitzung benutzt haben könnte. Bitte melden Sie sich erneut an.',
  REFRESH_TOKEN_SUPERSEDED: busy,
  REPEATS: tooMuch,
  RESERVED_NAME: 'Dieser Name kann nicht verwendet werden.',
  ROLE_MISSING: notAllowed,
  SCOPE_MISSING: notAllowed,
  SECOND_FACTOR_REQUIRED: 'Bitte schließen Sie die Anmeldung mit Ihrem zweiten Faktor ab.',
  SERVER_NOT_TRUSTED: ours,
  SERVICE_UNAVAILABLE: busy,
  SESSION_CHANGED:
    'Inzwischen ist jemand anders angemeldet oder niemand. Bitte versuchen Sie es noch einmal.',
  SESSION_NOT_FOUND: 'Dieses Gerät ist bereits abgemeldet.',
  SESSION_REVOKED: 'Sie wurden abgemeldet. Bitte melden Sie sich erneut an.',
  SIGN_IN_NOT_OFFERED: 'Diese Art der Anmeldung gibt es hier nicht.',
  SIGN_IN_STARTED_ELSEWHERE:
    'Diese Anmeldung wurde in einem anderen Browser begonnen. Bitte geben Sie den Code aus derselben E-Mail ein.',
  SIGN_UP_CLOSED: 'Konten werden hier nur auf Einladung angelegt.',
  STATE_INVALID: 'Das hat zu lange gedauert. Bitte beginnen Sie noch einmal.',
  STEP_UP_REQUIRED: 'Bitte zeigen Sie noch einmal, dass Sie es sind.',
  SUBGRAPH_UNAUTHENTICATED: signInAgain,
  SUBSCRIPTIONS: tooMuch,
  TOKENS: tooMuch,
  TOKEN_EXPIRED: signInAgain,
  TOKEN_INVALID: signInAgain,
  TOKEN_MALFORMED: signInAgain,
  TOKEN_MISSING: 'Bitte melden Sie sich an.',
  UNAUTHENTICATED: signInAgain,
  USERNAME_TAKEN: 'Dieser Benutzername ist vergeben.',
  USER_NOT_FOUND: 'Diese Person gibt es nicht.',
  VARIABLES: tooMuch,
  other: ours,
};
