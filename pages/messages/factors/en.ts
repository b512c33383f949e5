/** What is said where somebody shows who they are, besides the password: it is loaded when it is needed. */
export const en = {
  'factor.back': 'Back to sign in',
  'factor.code': 'Code of your app',
  'factor.lead': 'Your account asks for a second proof that it is you.',
  'factor.lost': 'I have lost my device',
  'factor.none': 'You can’t show this here now. Sign out, and sign in with what you have left.',
  'factor.recoveryCode': 'Recovery code',
  'factor.recoveryHint': 'One of those that you kept when you set this up.',
  'factor.submit': 'Go on',
  'factor.title': 'One more step',
  'stepUp.lead': 'This is sensitive, so we ask once more.',
  'stepUp.title': 'Show that it is you',
};
