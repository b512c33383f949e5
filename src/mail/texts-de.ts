import type { MailTemplate, MailText } from './mail-template.ts';

const notYou =
  'Falls Sie das nicht waren, brauchen Sie nichts zu tun: Ohne den Link geschieht nichts.';

export const germanTexts: Readonly<Record<MailTemplate, MailText>> = {
  'verify-email': {
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse für {{product}}',
    before: ['Jemand, hoffentlich Sie, verwendet diese Adresse für {{product}}.'],
    action: 'Diese Adresse bestätigen',
    after: ['Der Link gilt einmal, {{hours}} Stunden lang.', notYou],
  },
  'account-exists': {
    subject: 'Sie haben ein Konto bei {{product}}',
    before: [
      'Jemand, vielleicht Sie, wollte diese Adresse für ein Konto bei {{product}} verwenden. Sie hat schon eines, und nichts wurde geändert.',
    ],
    action: 'Ein neues Passwort setzen',
    after: ['Wenn Sie Ihr Passwort kennen, melden Sie sich wie gewohnt an.'],
  },
  'reset-password': {
    subject: 'Setzen Sie ein neues Passwort für {{product}}',
    before: ['Bei {{product}} wurde um ein neues Passwort gebeten.'],
    action: 'Ein neues Passwort setzen',
    after: ['Der Link gilt einmal, {{minutes}} Minuten lang.', notYou],
  },
  invitation: {
    subject: 'Ihr Konto bei {{product}}',
    before: ['Für Sie wurde ein Konto bei {{product}} angelegt.'],
    action: 'Ihr Passwort wählen',
    after: ['Der Link gilt einmal, {{hours}} Stunden lang.'],
  },
  'password-changed': {
    subject: 'Ihr Passwort bei {{product}} wurde geändert',
    before: ['Ihr Passwort wurde geändert, und Ihre anderen Geräte wurden abgemeldet.'],
    action: 'Das war ich nicht',
    after: ['Wenn Sie das waren, brauchen Sie nichts zu tun.'],
  },
  'change-email': {
    subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse für {{product}}',
    before: ['Diese Adresse wurde als die neue eines Kontos bei {{product}} angegeben.'],
    action: 'Diese Adresse verwenden',
    after: ['Der Link gilt einmal, {{minutes}} Minuten lang.', notYou],
  },
  'email-changed': {
    subject: 'Ihre E-Mail-Adresse bei {{product}} wurde geändert',
    before: ['Ihr Konto bei {{product}} hat jetzt eine andere E-Mail-Adresse.'],
    action: 'Das war ich nicht: zurück zu dieser Adresse',
    after: [
      'Der Link gilt einmal, {{hours}} Stunden lang. Er bringt diese Adresse zurück, meldet jedes Gerät ab und lässt Sie ein neues Passwort setzen.',
    ],
  },
  'email-left': {
    subject: 'Ihre E-Mail-Adresse bei {{product}} wurde geändert',
    before: ['Ein Konto bei {{product}}, das diese Adresse hatte, hat jetzt eine andere.'],
    after: ['Diese Adresse wurde nie bestätigt und kann das Konto daher nicht zurückholen.'],
  },
  'account-deleted': {
    subject: 'Ihr Konto bei {{product}} wurde gelöscht',
    before: ['Ihr Konto bei {{product}} wurde gelöscht, mit allem, was dazu gehörte.'],
    after: ['Dies ist die letzte Nachricht dazu.'],
  },
};
