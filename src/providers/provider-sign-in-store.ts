import type { BindingKind } from './binding.ts';

/** A sign-in that is on its way to a provider and back. */
export interface ProviderSignIn {
  readonly stateHash: Buffer;
  /** The provider's name. */
  readonly provider: string;
  readonly returnTo: string;
  /** Of what only who began it has. */
  readonly bindingHash: Buffer;
  /** Null where it was begun by a build that did not keep it. */
  readonly bindingKind: BindingKind | null;
  readonly sealed: string;
  readonly expiresAt: Date;
}

/** Each step of a sign-in is taken once, whoever comes at the same moment. */
export interface ProviderSignInStore {
  /** Keeps one that begins, and forgets some that are over. */
  put(signIn: ProviderSignIn, at: Date): Promise<void>;
  /** Takes one for the answer of its provider. @returns undefined where there is none, or it was taken, or is over */
  take(stateHash: Buffer, provider: string, at: Date): Promise<ProviderSignIn | undefined>;
  /** Keeps what came of one that was taken. */
  answer(
    stateHash: Buffer,
    answer: { readonly codeHash: Buffer; readonly sealed: string; readonly expiresAt: Date },
  ): Promise<void>;
  /** Takes what came of one: it is gone then. */
  takeAnswer(codeHash: Buffer, at: Date): Promise<ProviderSignIn | undefined>;
  /** Forgets what is over. */
  forgetOutdated(at: Date): Promise<void>;
}
