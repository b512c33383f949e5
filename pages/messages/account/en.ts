import { en as kit } from '../kit/en.ts';

/** What the account pages say. */
export const en = {
  ...kit,
  'home.title': 'Your account',
  'notFound.home': 'To your account',
  'notFound.lead': 'There is no page at this address.',
  'notFound.title': 'Nothing here',
  'signIn.forgot': 'Forgot your password?',
  'signIn.identifier': 'E-mail address or username',
  'signIn.lead': 'to go on to {application}',
  'signIn.password': 'Password',
  'signIn.signUp': 'Create an account',
  'signIn.submit': 'Sign in',
  'signIn.title': 'Sign in',
  signOut: 'Sign out',
  'visit.continue': 'Continue to {application}',
  'visit.other': 'Use another account',
  'visit.refused':
    'This link wants to send you to an address that is not registered here. Go back to where you came from, and tell whoever runs it.',
  'visit.refusedTitle': 'This link can’t be used',
  'visit.signedInAs': 'You are signed in as {name}.',
};
