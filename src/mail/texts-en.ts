import type { MailTemplate, MailText, MailWords } from './mail-template.ts';

const notYou = 'If this was not you, nothing needs to be done: without the link nothing happens.';
const wasYou = 'If it was you, nothing needs to be done.';
const setsPassword = 'It lets you set a new password, which signs every device out.';
const codeIsYours =
  'Give the code to nobody: we never ask for it but on our own page. If you did not want to sign in, nothing needs to be done.';
const once = 'The link works once, for {{lifetime}}.';

export const englishWords: MailWords = {
  recipient: 'For',
  when: 'When',
  device: 'Device',
  on: 'on',
  unknownDevice: 'an unknown device',
  orOpen: 'If the button does nothing, open this address:',
  reason: 'You get this mail because this address is used at {{product}}.',
};

export const englishTexts: Readonly<Record<MailTemplate, MailText>> = {
  'verify-email': {
    subject: 'Confirm your e-mail address for {{product}}',
    preview: 'One click, and this address is yours there.',
    before: ['Somebody, hopefully you, uses this address for {{product}}.'],
    action: 'Confirm this address',
    after: [once, notYou],
  },
  'account-exists': {
    subject: 'You have an account at {{product}}',
    preview: 'Somebody wanted to use this address. Nothing was changed.',
    before: [
      'Somebody, perhaps you, wanted to use this address for an account at {{product}}. It has one already, and nothing was changed.',
    ],
    action: 'Set a new password',
    after: ['If you remember your password, log in as usual.'],
  },
  'sign-in-code': {
    subject: 'Your code for {{product}}',
    preview: 'It works once, for {{lifetime}}.',
    before: ['With this code you sign in to {{product}}, in the window where you asked for it:'],
    hasCode: true,
    after: ['The code works once, for {{lifetime}}.', codeIsYours],
  },
  'sign-in-link': {
    subject: 'Sign in to {{product}}',
    preview: 'The link, or the code, works once, for {{lifetime}}.',
    before: [
      'Open the link in the browser where you asked for it, and you are signed in to {{product}}. Or type this code there:',
    ],
    hasCode: true,
    action: 'Sign in',
    after: ['The link, or the code, works once, for {{lifetime}}.', codeIsYours],
  },
  'reset-password': {
    subject: 'Set a new password for {{product}}',
    preview: 'The link works once, for {{lifetime}}.',
    before: ['A new password was asked for at {{product}}.'],
    action: 'Set a new password',
    after: [once, notYou],
  },
  invitation: {
    subject: 'Your account at {{product}}',
    preview: 'Choose your password to use it.',
    before: ['An account at {{product}} was made for you. Choose a password, and it is yours.'],
    action: 'Choose your password',
    after: [
      once,
      'After that, ask for a new password at the log-in. If you expected no account, ignore this mail: nobody can use it.',
    ],
  },
  'password-set': {
    subject: 'Your account at {{product}} is ready',
    preview: 'You can log in with your new password.',
    before: [
      'A password was set for your account at {{product}}. You can log in with it now.',
      wasYou,
    ],
    action: 'This was not me',
    isAlarm: true,
    after: [],
  },
  'password-changed': {
    subject: 'Your password at {{product}} was changed',
    preview: 'Your other devices were signed out.',
    before: ['Your password was changed, and your other devices were signed out.', wasYou],
    action: 'This was not me',
    isAlarm: true,
    after: [],
  },
  'password-removed': {
    subject: 'Set a new password for {{product}}',
    preview: 'Your old password works no more, to protect your account.',
    before: [
      'To protect your account at {{product}}, its password was removed and every device was signed out. The old password works no more.',
      'Set a new one to log in again, and use it nowhere else.',
    ],
    action: 'Set a new password',
    after: [
      once,
      'After that, ask for a new password at the log-in. Until a new one is set, nobody can log in.',
    ],
  },
  'new-device': {
    subject: 'A new device signed in to {{product}}',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'Your account at {{product}} was signed in to from a kind of device that it has not had before.',
      wasYou,
    ],
    action: 'This was not me',
    isAlarm: true,
    after: [setsPassword],
  },
  'authenticator-added': {
    subject: 'A second factor was added to your account at {{product}}',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'An app for codes, or a passkey, was added to your account at {{product}}. It can be used to sign in from now on.',
      wasYou,
    ],
    action: 'This was not me',
    isAlarm: true,
    after: [setsPassword],
  },
  'authenticator-removed': {
    subject: 'A second factor was removed from your account at {{product}}',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'An app for codes, or a passkey, was removed from your account at {{product}}. It can not be used to sign in any more.',
      wasYou,
    ],
    action: 'This was not me',
    isAlarm: true,
    after: [setsPassword],
  },
  'recovery-codes-replaced': {
    subject: 'New recovery codes for your account at {{product}}',
    preview: 'The old ones are no good any more.',
    before: [
      'New recovery codes were made for your account at {{product}}. The old ones are no good any more.',
      wasYou,
    ],
    action: 'This was not me',
    isAlarm: true,
    after: [setsPassword],
  },
  'recovery-code-used': {
    subject: 'A recovery code was used at {{product}}',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'Your account at {{product}} was signed in to with one of its recovery codes, in place of your second factor. That code is no good any more.',
      wasYou,
    ],
    action: 'This was not me',
    isAlarm: true,
    after: [setsPassword],
  },
  'second-factor-reset': {
    subject: 'Your second factor at {{product}} was reset',
    preview: 'Your password is enough to sign in, until you add one again.',
    before: [
      'An administrator removed every second factor from your account at {{product}}, with its recovery codes. Until you add one again, your password is enough to sign in.',
      'If you have asked for that, add a new one now.',
    ],
    action: 'I did not ask for it',
    isAlarm: true,
    after: [setsPassword],
  },
  'identity-linked': {
    subject: 'Another way to sign in to your account at {{product}}',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'An account at another provider was linked to yours at {{product}}. It can be used to sign in from now on.',
      wasYou,
    ],
    action: 'This was not me',
    isAlarm: true,
    after: [setsPassword, 'Then log in, and unlink what is not yours.'],
  },
  'identity-unlinked': {
    subject: 'A way to sign in to your account at {{product}} was removed',
    preview: '{{#if device}}{{device}}, {{/if}}{{when}}',
    before: [
      'An account at another provider was unlinked from yours at {{product}}. It can not be used to sign in any more.',
      wasYou,
    ],
    action: 'This was not me',
    isAlarm: true,
    after: [setsPassword],
  },
  'change-email': {
    subject: 'Confirm your new e-mail address for {{product}}',
    preview: 'The link works once, for {{lifetime}}.',
    before: ['This address was given as the new one of an account at {{product}}.'],
    action: 'Use this address',
    after: [once, notYou],
  },
  'email-changed': {
    subject: 'Your e-mail address at {{product}} was changed',
    preview: 'If this was not you, you can change it back for {{lifetime}}.',
    before: ['Your account at {{product}} has another e-mail address now.', wasYou],
    action: 'This was not me: change it back',
    isAlarm: true,
    after: [
      'The link works once, for {{lifetime}}. It brings this address back, signs every device out, and lets you set a new password.',
    ],
  },
  'email-left': {
    subject: 'Your e-mail address at {{product}} was changed',
    preview: 'This address belongs to the account no more.',
    before: ['An account at {{product}} that had this address has another one now.'],
    after: ['This address was never confirmed, so it can not bring the account back.'],
  },
  'account-deleted': {
    subject: 'Your account at {{product}} was deleted',
    preview: 'This is the last mail about it.',
    before: ['Your account at {{product}} was deleted, with everything that belonged to it.'],
    after: ['This is the last mail about it.'],
  },
};
