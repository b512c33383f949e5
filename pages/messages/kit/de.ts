import type { Messages } from '../messages.ts';
import type { en } from './en.ts';

export const de = {
  // The same as among the problems: it is said where those could not be loaded.
  NETWORK: 'Der Dienst ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung.',
  again: 'Noch einmal versuchen',
  cancel: 'Abbrechen',
  'field.optional': '(freiwillig)',
  'page.language': 'Sprache',
  'page.skip': 'Zum Inhalt springen',
  'pagination.next': 'Nächste Seite',
  'pagination.previous': 'Vorige Seite',
  'password.hide': 'Verbergen',
  'password.show': 'Zeigen',
  'rule.REQUIRED': 'Bitte füllen Sie das aus.',
  'signIn.again': 'Melden Sie sich an, um weiterzumachen',
  'signIn.identifier': 'E-Mail-Adresse oder Benutzername',
  'signIn.passkey': 'Passkey verwenden',
  'signIn.password': 'Passwort',
  'signIn.submit': 'Anmelden',
  'signIn.title': 'Anmelden',
  signOut: 'Abmelden',
  'unknown.lead':
    'Der Dienst ist nicht zu erreichen, darum ist nicht bekannt, ob Sie angemeldet sind.',
  waiting: 'Einen Augenblick …',
} satisfies Messages<typeof en>;
