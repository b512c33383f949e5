import { de as kit } from '../kit/de.ts';
import type { Messages } from '../messages.ts';
import type { en } from './en.ts';

export const de = {
  ...kit,
  'link.forgot': 'Einen neuen Link anfordern',
  'mail.password': 'Mit einem Passwort anmelden',
  'menu.data': 'Ihre Daten',
  'menu.devices': 'Geräte',
  'menu.label': 'Ihr Konto',
  'menu.profile': 'Profil',
  'menu.security': 'Sicherheit',
  'notFound.home': 'Zu Ihrem Konto',
  'notFound.lead': 'Unter dieser Adresse gibt es keine Seite.',
  'notFound.title': 'Hier ist nichts',
  'provider.with': 'Weiter mit {provider}',
  'signIn.byMail': 'Code per E-Mail anfordern',
  'signIn.forgot': 'Passwort vergessen?',
  'signIn.lead': 'um zu {application} zu gelangen',
  'signIn.signUp': 'Konto anlegen',
  'visit.continue': 'Weiter zu {application}',
  'visit.other': 'Ein anderes Konto verwenden',
  'visit.refused':
    'Dieser Link will Sie zu einer Adresse schicken, die hier nicht eingetragen ist. Gehen Sie dorthin zurück, woher Sie kamen, und sagen Sie es den Betreibern.',
  'visit.refusedTitle': 'Dieser Link ist nicht zu gebrauchen',
  'visit.signedInAs': 'Sie sind als {name} angemeldet.',
} satisfies Messages<typeof en>;
