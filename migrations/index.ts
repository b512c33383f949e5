import { CreateUsers1767225600001 } from './1767225600001-create-users.ts';
import { CreateSessions1767225600002 } from './1767225600002-create-sessions.ts';
import { CreateRefreshTokens1767225600003 } from './1767225600003-create-refresh-tokens.ts';
import { CreateSigningKeys1767225600004 } from './1767225600004-create-signing-keys.ts';
import { CreateRoles1767225600005 } from './1767225600005-create-roles.ts';
import { CreateAuditEvents1767225600006 } from './1767225600006-create-audit-events.ts';
import { CreateThrottles1767225600007 } from './1767225600007-create-throttles.ts';
import { CreateMailOutbox1767225600008 } from './1767225600008-create-mail-outbox.ts';
import { AddAdministration1767225600020 } from './1767225600020-add-administration.ts';
import { OrderAuditEventsByTime1767225600021 } from './1767225600021-order-audit-events-by-time.ts';
import { CreatePendingRegistrations1767225600022 } from './1767225600022-create-pending-registrations.ts';
import { CreateEmailChanges1767225600024 } from './1767225600024-create-email-changes.ts';
import { CreateDeletedAccounts1767225600030 } from './1767225600030-create-deleted-accounts.ts';
import { KeyRowsByPerson1767225600040 } from './1767225600040-key-rows-by-person.ts';
import { RotateInPlace1767225600041 } from './1767225600041-rotate-in-place.ts';
import { CreateIdentifiers1767225600042 } from './1767225600042-create-identifiers.ts';
import { CreateUserSearch1767225600043 } from './1767225600043-create-user-search.ts';
import { AddMailUserAgent1767225600050 } from './1767225600050-add-mail-user-agent.ts';
import { AddSessionAssurance1767225600060 } from './1767225600060-add-session-assurance.ts';
import { AllowAccountsWithoutAddress1767225600061 } from './1767225600061-allow-accounts-without-address.ts';
import { CreateFactors1767225600062 } from './1767225600062-create-factors.ts';
import { CreatePasskeyHandles1767225600063 } from './1767225600063-create-passkey-handles.ts';
import { CreateEmailSignIns1767225600070 } from './1767225600070-create-email-sign-ins.ts';
import { CreateIdentities1767225600080 } from './1767225600080-create-identities.ts';
import { AddGuests1767225600090 } from './1767225600090-add-guests.ts';
import { CreateLogInFunctions1767225600100 } from './1767225600100-create-log-in-functions.ts';
import { AddProviderBindingKind1767225600101 } from './1767225600101-add-provider-binding-kind.ts';
import { CreateFindCredentials1767225600110 } from './1767225600110-create-find-credentials.ts';

/** Every migration, in order. One that has landed is never edited. */
export const migrations = [
  CreateUsers1767225600001,
  CreateSessions1767225600002,
  CreateRefreshTokens1767225600003,
  CreateSigningKeys1767225600004,
  CreateRoles1767225600005,
  CreateAuditEvents1767225600006,
  CreateThrottles1767225600007,
  CreateMailOutbox1767225600008,
  AddAdministration1767225600020,
  OrderAuditEventsByTime1767225600021,
  CreatePendingRegistrations1767225600022,
  CreateEmailChanges1767225600024,
  CreateDeletedAccounts1767225600030,
  KeyRowsByPerson1767225600040,
  RotateInPlace1767225600041,
  CreateIdentifiers1767225600042,
  CreateUserSearch1767225600043,
  AddMailUserAgent1767225600050,
  AddSessionAssurance1767225600060,
  AllowAccountsWithoutAddress1767225600061,
  CreateFactors1767225600062,
  CreatePasskeyHandles1767225600063,
  CreateEmailSignIns1767225600070,
  CreateIdentities1767225600080,
  AddGuests1767225600090,
  CreateLogInFunctions1767225600100,
  AddProviderBindingKind1767225600101,
  CreateFindCredentials1767225600110,
];
