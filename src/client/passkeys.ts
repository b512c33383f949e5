/** Published as `graphql-gatehouse-client/passkeys`: what a browser does with its devices. */
export { addPasskey, type NewPasskey } from './factors/add-passkey.ts';
export { answerCeremony, hasPasskeys } from './factors/device.ts';
export { autofillPasskey, signInWithPasskey } from './factors/passkey-sign-in.ts';
