// Of its own, so that a page is there before it, and who has no passkey never loads it.
export { autofillPasskey, signInWithPasskey } from 'graphql-gatehouse-client/passkeys';
