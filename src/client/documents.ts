import { requestEmailDocument } from './email-sign-in.ts';
import { beginPasskeyDocument, completePasskeyDocument } from './factors/add-passkey.ts';
import {
  authenticatorsDocument,
  beginTotpDocument,
  confirmTotpDocument,
  regenerateDocument,
  removeDocument,
  renameDocument,
} from './factors/authenticators.ts';
import { stepUpDocument } from './factors/ceremony.ts';
import { beginSignInDocument } from './factors/passkey-sign-in.ts';
import {
  beginLinkDocument,
  beginProviderDocument,
  completeLinkDocument,
  identitiesDocument,
  providersDocument,
  unlinkDocument,
} from './providers.ts';
import { exchangeDocument } from './wire/send-exchange.ts';

/** Everything that the kit itself asks of a gateway from a browser, for a list of what may run. */
export const documents: readonly string[] = [
  ...[
    'register',
    'login',
    'completeSignIn',
    'signInWithPasskey',
    'signInWithEmailCode',
    'signInWithEmailLink',
    'signInAsGuest',
    'completeProviderSignIn',
    'signInWithIdToken',
  ].map((field) => exchangeDocument(field, true)),
  exchangeDocument('stepUp', true),
  exchangeDocument('refreshToken'),
  exchangeDocument('logout'),
  authenticatorsDocument,
  beginTotpDocument,
  confirmTotpDocument,
  regenerateDocument,
  removeDocument,
  renameDocument,
  beginPasskeyDocument,
  completePasskeyDocument,
  beginSignInDocument,
  stepUpDocument,
  requestEmailDocument,
  providersDocument,
  beginProviderDocument,
  identitiesDocument,
  beginLinkDocument,
  completeLinkDocument,
  unlinkDocument,
];
