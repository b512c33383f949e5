/** Published as `graphql-gatehouse-client/factors`: second factors, recovery codes and step-up. */
export {
  type Authenticators,
  authenticators,
  beginTotpSetup,
  confirmTotpSetup,
  type Passkey,
  regenerateRecoveryCodes,
  removeAuthenticator,
  renamePasskey,
  type TotpSetup,
} from './factors/authenticators.ts';
export type { PasskeyAnswer, PasskeyCeremony } from './factors/ceremony.ts';
export {
  createSignIn,
  type SecondFactor,
  type SignIn,
  type SignInState,
} from './factors/sign-in.ts';
export { beginStepUp, type Proof, type StepUpOptions, stepUp } from './factors/step-up.ts';
export { createStepUpGate, type OnStepUp, type StepUpGate } from './factors/step-up-gate.ts';
