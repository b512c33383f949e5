import type { SessionKey } from '../sessions/session.ts';

/** A guest who asks, by the session that their access token names. */
export type Guest = SessionKey;

/** With what a guest became an account. */
export type GuestUpgrade = 'password' | 'passkey' | 'email' | 'provider' | 'registration';
