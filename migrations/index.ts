import { CreateUsers1767225600001 } from './1767225600001-create-users.ts';
import { CreateSessions1767225600002 } from './1767225600002-create-sessions.ts';
import { CreateRefreshTokens1767225600003 } from './1767225600003-create-refresh-tokens.ts';
import { CreateSigningKeys1767225600004 } from './1767225600004-create-signing-keys.ts';
import { CreateRoles1767225600005 } from './1767225600005-create-roles.ts';
import { CreateAuditEvents1767225600006 } from './1767225600006-create-audit-events.ts';
import { CreateThrottles1767225600007 } from './1767225600007-create-throttles.ts';

/** Every migration, in order. One that has landed is never edited. */
export const migrations = [
  CreateUsers1767225600001,
  CreateSessions1767225600002,
  CreateRefreshTokens1767225600003,
  CreateSigningKeys1767225600004,
  CreateRoles1767225600005,
  CreateAuditEvents1767225600006,
  CreateThrottles1767225600007,
];
