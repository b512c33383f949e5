import { AuditEventEntity } from './audit-event.entity.ts';
import { DeletedAccountEntity } from './deleted-account.entity.ts';
import { EmailChangeEntity } from './email-change.entity.ts';
import { EmailSignInEntity } from './email-sign-in.entity.ts';
import { IdentifierEntity } from './identifier.entity.ts';
import { IdentityEntity } from './identity.entity.ts';
import { MailOutboxEntity } from './mail-outbox.entity.ts';
import { PasskeyEntity } from './passkey.entity.ts';
import { PasskeyHandleEntity } from './passkey-handle.entity.ts';
import { PendingRegistrationEntity } from './pending-registration.entity.ts';
import { ProviderSignInEntity } from './provider-sign-in.entity.ts';
import { RecoveryCodeEntity } from './recovery-code.entity.ts';
import { RefreshTokenEntity } from './refresh-token.entity.ts';
import { RoleEntity } from './role.entity.ts';
import { RolePermissionEntity } from './role-permission.entity.ts';
import { SessionEntity } from './session.entity.ts';
import { SigningKeyEntity } from './signing-key.entity.ts';
import { SpentChallengeEntity } from './spent-challenge.entity.ts';
import { TotpFactorEntity } from './totp-factor.entity.ts';
import { TotpSetupEntity } from './totp-setup.entity.ts';
import { UserEntity } from './user.entity.ts';
import { UserRoleEntity } from './user-role.entity.ts';
import { UserSearchEntity } from './user-search.entity.ts';

export const entities = [
  UserEntity,
  IdentifierEntity,
  SessionEntity,
  RefreshTokenEntity,
  SigningKeyEntity,
  RoleEntity,
  RolePermissionEntity,
  UserRoleEntity,
  AuditEventEntity,
  MailOutboxEntity,
  PendingRegistrationEntity,
  EmailChangeEntity,
  EmailSignInEntity,
  DeletedAccountEntity,
  UserSearchEntity,
  PasskeyEntity,
  PasskeyHandleEntity,
  RecoveryCodeEntity,
  SpentChallengeEntity,
  TotpFactorEntity,
  TotpSetupEntity,
  IdentityEntity,
  ProviderSignInEntity,
];
