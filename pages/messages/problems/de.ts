import { de as problems } from 'graphql-gatehouse-client/messages/de';
import type { Messages } from '../messages.ts';
import type { en } from './en.ts';

export const de = {
  ...problems,
  'problem.quote': 'Wenn es so bleibt, nennen Sie diese Nummer, wenn Sie um Hilfe bitten: {id}.',
  'problem.wait': 'Versuchen Sie es in {time} noch einmal.',
  'rule.COMMON':
    'Dieses Passwort gehört zu denen, die zuerst geraten werden. Besser sind ein paar gewöhnliche Wörter.',
  'rule.EMAIL_ADDRESS': 'Das ist keine E-Mail-Adresse.',
  'rule.GUESSABLE': 'Dieses Passwort ist schnell geraten. Besser sind ein paar gewöhnliche Wörter.',
  'rule.HTTPS_URL': 'Das muss eine Adresse sein, die mit https:// beginnt.',
  'rule.MAX_LENGTH': 'Das ist zu lang.',
  'rule.MIN_LENGTH': 'Nehmen Sie mindestens {passwordMinLength} Zeichen.',
  'rule.OWN_EMAIL': 'Dieses Passwort enthält Ihre E-Mail-Adresse.',
  'rule.OWN_NAME': 'Dieses Passwort enthält Ihren Namen.',
  'rule.PATTERN': 'Dieses Passwort folgt der Tastatur oder dem Alphabet.',
  'rule.PRODUCT_NAME': 'Dieses Passwort enthält den Namen dieses Dienstes.',
  'rule.REPEATED': 'Dieses Passwort wiederholt sich.',
  'rule.UNCHANGED': 'Das ist die Adresse, die Sie schon haben.',
  'rule.USERNAME':
    'Nehmen Sie 3 bis 32 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche, mit Buchstabe oder Ziffer am Anfang und Ende.',
  'rule.USERNAME_LATER': 'Einen Benutzernamen wählen Sie, wenn Ihre E-Mail-Adresse bestätigt ist.',
} satisfies Messages<typeof en>;
