import type { Account } from './account.ts';

/**
 * What is kept of a person. Secrets are not part of it: hashes of the password and of tokens. Nor is
 * which administrator did something: that is another person's.
 */
export interface PersonalData {
  readonly account: Account & { readonly lastSeenAt: Date };
  readonly roles: readonly string[];
  /** Addresses that the account has left and may still come back to. */
  readonly leftEmails: readonly { readonly email: string; readonly leftAt: Date }[];
  /** Sign-ins by mail to its address that were asked for, by whoever, and wait. */
  readonly emailSignIns: readonly { readonly requestedAt: Date; readonly expiresAt: Date }[];
  /** What the account is opened with besides the password: never what it is opened by. */
  readonly authenticators: readonly KeptAuthenticator[];
  readonly recoveryCodesLeft: number;
  /** Accounts at providers that open this one. */
  readonly identities: readonly KeptIdentity[];
  readonly sessions: readonly KeptSession[];
  readonly auditEvents: readonly KeptEvent[];
}

export interface KeptAuthenticator {
  readonly kind: 'totp' | 'passkey';
  readonly name: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface KeptIdentity {
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface KeptSession {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly revokedReason: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface KeptEvent {
  readonly type: string;
  readonly at: Date;
  readonly byAdministrator: boolean;
  readonly sessionId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

export interface PersonalDataStore {
  /** What is kept of an account, of each list its newest `most` entries; undefined when it is gone. */
  read(userId: string, most: number): Promise<PersonalData | undefined>;
}
