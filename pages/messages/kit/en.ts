/** What the parts of the kit say. */
export const en = {
  // The same as among the problems: it is said where those could not be loaded.
  NETWORK: 'The service can’t be reached. Please check your connection.',
  again: 'Try again',
  cancel: 'Cancel',
  'field.optional': '(optional)',
  'page.language': 'Language',
  'page.skip': 'Skip to the content',
  'pagination.next': 'Next page',
  'pagination.previous': 'Previous page',
  'password.hide': 'Hide',
  'password.show': 'Show',
  'rule.REQUIRED': 'Please fill this in.',
  'signIn.again': 'Sign in to go on',
  'signIn.identifier': 'E-mail address or username',
  'signIn.passkey': 'Use a passkey',
  'signIn.password': 'Password',
  'signIn.submit': 'Sign in',
  'signIn.title': 'Sign in',
  signOut: 'Sign out',
  'unknown.lead': 'The service can’t be reached, so nobody can tell whether you are signed in.',
  waiting: 'One moment …',
};
