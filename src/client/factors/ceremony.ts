import type { FactorMethod } from '../generated/errors.ts';

/** What a device is asked. It works once, for five minutes. */
export interface PasskeyCeremony {
  readonly ceremony: string;
  /** As `PublicKeyCredential.parseRequestOptionsFromJSON` and `parseCreationOptionsFromJSON` take it. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What it answered. */
export interface PasskeyAnswer {
  readonly ceremony: string;
  readonly response: Readonly<Record<string, unknown>>;
}

/** How somebody can show who they are. */
export interface StepUpOptions {
  /** What the person can show; the best first. */
  readonly methods: readonly FactorMethod[];
  /** For a passkey, where there is one. */
  readonly passkey: PasskeyCeremony | null;
}

export const stepUpDocument =
  'mutation BeginStepUp($input:BeginStepUpInput){beginStepUp(input:$input){methods passkey{ceremony options}}}';
