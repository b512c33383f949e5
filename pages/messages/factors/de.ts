import type { Messages } from '../messages.ts';
import type { en } from './en.ts';

export const de = {
  'factor.back': 'Zurück zur Anmeldung',
  'factor.code': 'Code Ihrer App',
  'factor.lead': 'Ihr Konto verlangt einen zweiten Nachweis, dass Sie es sind.',
  'factor.lost': 'Ich habe mein Gerät verloren',
  'factor.none':
    'Das können Sie hier jetzt nicht zeigen. Melden Sie sich ab und mit dem an, was Sie noch haben.',
  'factor.recoveryCode': 'Wiederherstellungscode',
  'factor.recoveryHint': 'Einer von denen, die Sie beim Einrichten aufgehoben haben.',
  'factor.submit': 'Weiter',
  'factor.title': 'Noch ein Schritt',
  'stepUp.lead': 'Das ist heikel, darum fragen wir noch einmal.',
  'stepUp.title': 'Zeigen Sie, dass Sie es sind',
} satisfies Messages<typeof en>;
