import { en as problems } from 'graphql-gatehouse-client/messages/en';

/** What went wrong: in the words of the client kit, and of the rules for fields. */
export const en = {
  ...problems,
  'problem.quote': 'If it stays, tell whoever helps you this number: {id}.',
  'problem.wait': 'Try again in {time}.',
  'rule.COMMON':
    'This password is one of those that are guessed first. A few ordinary words are better.',
  'rule.EMAIL_ADDRESS': 'This is not an e-mail address.',
  'rule.GUESSABLE': 'This password is guessed quickly. A few ordinary words are better.',
  'rule.HTTPS_URL': 'This must be an address that begins with https://.',
  'rule.MAX_LENGTH': 'This is too long.',
  'rule.MIN_LENGTH': 'Use at least {passwordMinLength} characters.',
  'rule.OWN_EMAIL': 'This password contains your e-mail address.',
  'rule.OWN_NAME': 'This password contains your name.',
  'rule.PATTERN': 'This password follows the keyboard or the alphabet.',
  'rule.PRODUCT_NAME': 'This password contains the name of this service.',
  'rule.REPEATED': 'This password repeats itself.',
  'rule.UNCHANGED': 'This is the address that you have already.',
  'rule.USERNAME':
    'Use 3 to 32 letters, digits, dots, dashes or underscores, with a letter or digit at both ends.',
  'rule.USERNAME_LATER': 'A username can be chosen when your e-mail address is confirmed.',
};
