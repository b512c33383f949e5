import { en as kit } from '../kit/en.ts';

/** What the first pages say: signing in, and what every page has. */
export const en = {
  ...kit,
  'link.forgot': 'Ask for a new link',
  'mail.password': 'Sign in with a password',
  'menu.data': 'Your data',
  'menu.devices': 'Devices',
  'menu.label': 'Your account',
  'menu.profile': 'Profile',
  'menu.security': 'Security',
  'notFound.home': 'To your account',
  'notFound.lead': 'There is no page at this address.',
  'notFound.title': 'Nothing here',
  'provider.with': 'Continue with {provider}',
  'signIn.byMail': 'Send me a code by e-mail',
  'signIn.forgot': 'Forgot your password?',
  'signIn.lead': 'to go on to {application}',
  'signIn.signUp': 'Create an account',
  'visit.continue': 'Continue to {application}',
  'visit.other': 'Use another account',
  'visit.refused':
    'This link wants to send you to an address that is not registered here. Go back to where you came from, and tell whoever runs it.',
  'visit.refusedTitle': 'This link can’t be used',
  'visit.signedInAs': 'You are signed in as {name}.',
};
