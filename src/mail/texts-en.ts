import type { MailTemplate, MailText } from './mail-template.ts';

const notYou = 'If this was not you, nothing needs to be done: without the link nothing happens.';

export const englishTexts: Readonly<Record<MailTemplate, MailText>> = {
  'verify-email': {
    subject: 'Confirm your e-mail address for {{product}}',
    before: ['Somebody, hopefully you, uses this address for {{product}}.'],
    action: 'Confirm this address',
    after: ['The link works once, for {{hours}} hours.', notYou],
  },
  'account-exists': {
    subject: 'You have an account at {{product}}',
    before: [
      'Somebody, perhaps you, wanted to use this address for an account at {{product}}. It has one already, and nothing was changed.',
    ],
    action: 'Set a new password',
    after: ['If you remember your password, log in as usual.'],
  },
  'reset-password': {
    subject: 'Set a new password for {{product}}',
    before: ['A new password was asked for at {{product}}.'],
    action: 'Set a new password',
    after: ['The link works once, for {{minutes}} minutes.', notYou],
  },
  invitation: {
    subject: 'Your account at {{product}}',
    before: ['An account at {{product}} was made for you.'],
    action: 'Choose your password',
    after: ['The link works once, for {{hours}} hours.'],
  },
  'password-changed': {
    subject: 'Your password at {{product}} was changed',
    before: ['Your password was changed, and your other devices were signed out.'],
    action: 'This was not me',
    after: ['If it was you, nothing needs to be done.'],
  },
  'change-email': {
    subject: 'Confirm your new e-mail address for {{product}}',
    before: ['This address was given as the new one of an account at {{product}}.'],
    action: 'Use this address',
    after: ['The link works once, for {{minutes}} minutes.', notYou],
  },
  'email-changed': {
    subject: 'Your e-mail address at {{product}} was changed',
    before: ['Your account at {{product}} has another e-mail address now.'],
    action: 'This was not me: change it back',
    after: [
      'The link works once, for {{hours}} hours. It brings this address back, signs every device out, and lets you set a new password.',
    ],
  },
  'email-left': {
    subject: 'Your e-mail address at {{product}} was changed',
    before: ['An account at {{product}} that had this address has another one now.'],
    after: ['This address was never confirmed, so it can not bring the account back.'],
  },
  'account-deleted': {
    subject: 'Your account at {{product}} was deleted',
    before: ['Your account at {{product}} was deleted, with everything that belonged to it.'],
    after: ['This is the last mail about it.'],
  },
};
