import type { MailTemplate, MailText, MailWords } from './mail-template.ts';

const notYou =
  'Falls Sie das nicht waren, brauchen Sie nichts zu tun: Ohne den Link geschieht nichts.';
const wasYou = 'Wenn Sie das waren, brauchen Sie nichts zu tun.';
const setsPassword = 'Damit setzen Sie ein neues Passwort, und das meldet jedes Gerät ab.';
const codeIsYours =
  'Geben Sie den Code niemandem: Wir fragen nur auf unserer eigenen Seite danach. Wenn Sie sich nicht anmelden wollten, brauchen Sie nichts zu tun.';
const once = 'Der Link gilt einmal, {{lifetime}} lang.';

export const germanWords: MailWords = {
  recipient: 'Für',
  when: 'Wann',
  device: 'Gerät',
  on: 'unter',
  unknownDevice: 'ein unbekanntes Gerät',
  orOpen: 'Wenn der Knopf nichts bewirkt, öffnen Sie diese Adresse:',
  reason: 'Sie erhalten diese Nachricht, weil diese Adresse bei {{product}} verwendet wird.',
};

export const germanTexts: Readonly<Record<MailTemplate, MailText>> = {
  'verify-email': {
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse für {{product}}',
    preview: 'Ein Klick, und diese Adresse gehört dort Ihnen.',
    before: ['Jemand, hoffentlich Sie, verwendet diese Adresse für {{product}}.'],
    action: 'Diese Adresse bestätigen',
    after: [once, notYou],
  },
  'account-exists': {
    subject: 'Sie haben ein Konto bei {{product}}',
    preview: 'Jemand wollte diese Adresse verwenden. Nichts wurde geändert.',
    before: [
      'Jemand, vielleicht Sie, wollte diese Adresse für ein Konto bei {{product}} verwenden. Sie hat schon eines, und nichts wurde geändert.',
    ],
    action: 'Ein neues Passwort setzen',
    after: ['Wenn Sie Ihr Passwort kennen, melden Sie sich wie gewohnt an.'],
  },
  'sign-in-code': {
    subject: 'Ihr Code für {{product}}',
    preview: 'Er gilt einmal, {{lifetime}} lang.',
    before: [
      'Mit diesem Code melden Sie sich bei {{product}} an, in dem Fenster, in dem Sie ihn angefordert haben:',
    ],
    hasCode: true,
    after: ['Der Code gilt einmal, {{lifetime}} lang.', codeIsYours],
  },
  'sign-in-link': {
    subject: 'Bei {{product}} anmelden',
    preview: 'Der Link, oder der Code, gilt einmal, {{lifetime}} lang.',
    before: [
      'Öffnen Sie den Link in dem Browser, in dem Sie ihn angefordert haben, und Sie sind bei {{product}} angemeldet. Oder geben Sie dort diesen Code ein:',
    ],
    hasCode: true,
    action: 'Anmelden',
    after: ['Der Link, oder der Code, gilt einmal, {{lifetime}} lang.', codeIsYours],
  },
  'reset-password': {
    subject: 'Setzen Sie ein neues Passwort für {{product}}',
    preview: 'Der Link gilt einmal, {{lifetime}} lang.',
    before: ['Bei {{product}} wurde um ein neues Passwort gebeten.'],
    action: 'Ein neues Passwort setzen',
    after: [once, notYou],
  },
  invitation: {
    subject: 'Ihr Konto bei {{product}}',
    preview: 'Wählen Sie Ihr Passwort, um es zu benutzen.',
    before: [
      'Für Sie wurde ein Konto bei {{product}} angelegt. Wählen Sie ein Passwort, dann gehört es Ihnen.',
    ],
    action: 'Ihr Passwort wählen',
    after: [
      once,
      'Danach bitten Sie bei der Anmeldung um ein neues Passwort. Falls Sie kein Konto erwarten, brauchen Sie nichts zu tun: Niemand kann es benutzen.',
    ],
  },
  'password-set': {
    subject: 'Ihr Konto bei {{product}} ist bereit',
    preview: 'Sie können sich mit Ihrem neuen Passwort anmelden.',
    before: [
      'Für Ihr Konto bei {{product}} wurde ein Passwort gesetzt. Sie können sich jetzt damit anmelden.',
      wasYou,
    ],
    action: 'Das war ich nicht',
    isAlarm: true,
    after: [],
  },
  'password-changed': {
    subject: 'Ihr Passwort bei {{product}} wurde geändert',
    preview: 'Ihre anderen Geräte wurden abgemeldet.',
    before: ['Ihr Passwort wurde geändert, und Ihre anderen Geräte wurden abgemeldet.', wasYou],
    action: 'Das war ich nicht',
    isAlarm: true,
    after: [],
  },
  'password-removed': {
    subject: 'Setzen Sie ein neues Passwort für {{product}}',
    preview: 'Zum Schutz Ihres Kontos gilt das alte Passwort nicht mehr.',
    before: [
      'Zum Schutz Ihres Kontos bei {{product}} wurde sein Passwort entfernt, und jedes Gerät wurde abgemeldet. Das alte Passwort gilt nicht mehr.',
      'Setzen Sie ein neues, um sich wieder anzumelden, und verwenden Sie es nirgends sonst.',
    ],
    action: 'Ein neues Passwort setzen',
    after: [
      once,
      'Danach bitten Sie bei der Anmeldung um ein neues Passwort. Bis eines gesetzt ist, kann sich niemand anmelden.',
    ],
  },
  'new-device': {
    subject: 'Ein neues Gerät hat sich bei {{product}} angemeldet',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'Bei Ihrem Konto bei {{product}} hat sich eine Art von Gerät angemeldet, die es bisher nicht hatte.',
      wasYou,
    ],
    action: 'Das war ich nicht',
    isAlarm: true,
    after: [setsPassword],
  },
  'authenticator-added': {
    subject: 'Ihr Konto bei {{product}} hat einen neuen zweiten Faktor',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'Zu Ihrem Konto bei {{product}} kam eine App für Codes oder ein Passkey hinzu. Damit kann man sich von nun an anmelden.',
      wasYou,
    ],
    action: 'Das war ich nicht',
    isAlarm: true,
    after: [setsPassword],
  },
  'authenticator-removed': {
    subject: 'Ihr Konto bei {{product}} hat einen zweiten Faktor weniger',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'Von Ihrem Konto bei {{product}} wurde eine App für Codes oder ein Passkey entfernt. Damit kann man sich nicht mehr anmelden.',
      wasYou,
    ],
    action: 'Das war ich nicht',
    isAlarm: true,
    after: [setsPassword],
  },
  'recovery-codes-replaced': {
    subject: 'Neue Wiederherstellungscodes für Ihr Konto bei {{product}}',
    preview: 'Die alten gelten nicht mehr.',
    before: [
      'Für Ihr Konto bei {{product}} wurden neue Wiederherstellungscodes erstellt. Die alten gelten nicht mehr.',
      wasYou,
    ],
    action: 'Das war ich nicht',
    isAlarm: true,
    after: [setsPassword],
  },
  'recovery-code-used': {
    subject: 'Ein Wiederherstellungscode wurde bei {{product}} verwendet',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'Bei Ihrem Konto bei {{product}} hat sich jemand mit einem der Wiederherstellungscodes statt des zweiten Faktors angemeldet. Dieser Code gilt nicht mehr.',
      wasYou,
    ],
    action: 'Das war ich nicht',
    isAlarm: true,
    after: [setsPassword],
  },
  'second-factor-reset': {
    subject: 'Ihr zweiter Faktor bei {{product}} wurde zurückgesetzt',
    preview: 'Bis Sie wieder einen hinzufügen, genügt Ihr Passwort.',
    before: [
      'Die Verwaltung hat alle zweiten Faktoren Ihres Kontos bei {{product}} entfernt, auch die Wiederherstellungscodes. Bis Sie wieder einen hinzufügen, genügt Ihr Passwort zum Anmelden.',
      'Wenn Sie darum gebeten haben, fügen Sie jetzt einen neuen hinzu.',
    ],
    action: 'Darum habe ich nicht gebeten',
    isAlarm: true,
    after: [setsPassword],
  },
  'identity-linked': {
    subject: 'Ihr Konto bei {{product}} hat eine weitere Anmeldung',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'Mit Ihrem Konto bei {{product}} wurde ein Konto bei einem anderen Anbieter verknüpft. Damit kann man sich von nun an anmelden.',
      wasYou,
    ],
    action: 'Das war ich nicht',
    isAlarm: true,
    after: [setsPassword, 'Melden Sie sich dann an und lösen Sie, was nicht Ihnen gehört.'],
  },
  'identity-unlinked': {
    subject: 'Von Ihrem Konto bei {{product}} wurde eine Anmeldung gelöst',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'Von Ihrem Konto bei {{product}} wurde ein Konto bei einem anderen Anbieter gelöst. Damit kann man sich nicht mehr anmelden.',
      wasYou,
    ],
    action: 'Das war ich nicht',
    isAlarm: true,
    after: [setsPassword],
  },
  'change-email': {
    subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse für {{product}}',
    preview: 'Der Link gilt einmal, {{lifetime}} lang.',
    before: ['Diese Adresse wurde als die neue eines Kontos bei {{product}} angegeben.'],
    action: 'Diese Adresse verwenden',
    after: [once, notYou],
  },
  'email-changed': {
    subject: 'Ihre E-Mail-Adresse bei {{product}} wurde geändert',
    preview: 'Falls Sie das nicht waren, können Sie es {{lifetime}} lang rückgängig machen.',
    before: ['Ihr Konto bei {{product}} hat jetzt eine andere E-Mail-Adresse.', wasYou],
    action: 'Das war ich nicht: zurück zu dieser Adresse',
    isAlarm: true,
    after: [
      'Der Link gilt einmal, {{lifetime}} lang. Er bringt diese Adresse zurück, meldet jedes Gerät ab und lässt Sie ein neues Passwort setzen.',
    ],
  },
  'email-left': {
    subject: 'Ihre E-Mail-Adresse bei {{product}} wurde geändert',
    preview: 'Diese Adresse gehört nicht mehr zu dem Konto.',
    before: ['Ein Konto bei {{product}}, das diese Adresse hatte, hat jetzt eine andere.'],
    after: ['Diese Adresse wurde nie bestätigt und kann das Konto daher nicht zurückholen.'],
  },
  'account-deleted': {
    subject: 'Ihr Konto bei {{product}} wurde gelöscht',
    preview: 'Dies ist die letzte Nachricht dazu.',
    before: ['Ihr Konto bei {{product}} wurde gelöscht, mit allem, was dazu gehörte.'],
    after: ['Dies ist die letzte Nachricht dazu.'],
  },
};
