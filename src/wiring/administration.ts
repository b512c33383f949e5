import { createGrantRole, createTakeRole } from '../administration/change-roles.ts';
import { createDisableAccount, createEnableAccount } from '../administration/change-status.ts';
import { createCreateUser } from '../administration/create-user.ts';
import { createDeleteUser } from '../administration/delete-user.ts';
import { createExportUserData } from '../administration/export-user-data.ts';
import { createFindUserId } from '../administration/find-user-id.ts';
import { createForcePasswordReset } from '../administration/force-password-reset.ts';
import { createImpersonate } from '../administration/impersonate.ts';
import { createInviteFirstAdministrator } from '../administration/invite-first-administrator.ts';
import { createLiftThrottle } from '../administration/lift-throttle.ts';
import { createRequestUserEmailChange } from '../administration/request-user-email-change.ts';
import { createResetSecondFactor } from '../administration/reset-second-factor.ts';
import { createRevokeSessions } from '../administration/revoke-sessions.ts';
import { createSendVerification } from '../administration/send-verification.ts';
import { createVerifyUserEmail } from '../administration/verify-user-email.ts';
import { createAssertSteppedUp } from '../factors/assert-stepped-up.ts';
import { createListAuthenticators } from '../factors/list-authenticators.ts';
import type { Administration } from '../graphql/administration/schema.ts';
import { type KeyPurpose, keyPurposes } from '../keys/signing-key.ts';
import type { Readiness } from '../observability/readiness.ts';
import { createListSessions } from '../sessions/list-sessions.ts';
import { createForgetCounts } from '../throttling/forget-counts.ts';
import type { Base } from './base.ts';
import type { Credentials } from './credentials.ts';
import type { Storage } from './storage.ts';

/** The use cases of administrators, for their own schema. */
export function wireAdministration(
  { config, now, newId, randomBytes }: Base,
  { stores, transact, makeLimiter }: Storage,
  { accessTokens, oneTimeTokens: tokens, keyRing }: Credentials,
  readiness: Pick<Readiness, 'report'>,
): Administration {
  const change = { now, transact };
  const purposes = Object.keys(keyPurposes(config.accessToken.algorithm)) as KeyPurpose[];
  return {
    userDirectory: stores.userDirectory,
    auditTrail: stores.auditTrail,
    roles: stores.roles,
    findUserId: createFindUserId(stores.managedAccounts),
    listSessions: createListSessions(stores.sessions, now),
    createUser: createCreateUser({ ...change, newId, randomBytes }),
    grantRole: createGrantRole(change),
    takeRole: createTakeRole(change),
    disableAccount: createDisableAccount(change),
    enableAccount: createEnableAccount(change),
    revokeSessions: createRevokeSessions({ ...change, ...stores }),
    verifyUserEmail: createVerifyUserEmail(change),
    sendVerification: createSendVerification(change),
    requestUserEmailChange: createRequestUserEmailChange({ ...change, tokens }),
    deleteUser: createDeleteUser(change),
    exportUserData: createExportUserData(change),
    liftThrottle: createLiftThrottle({ ...change, forgetCounts: createForgetCounts(makeLimiter) }),
    forcePasswordReset: createForcePasswordReset({ ...change, randomBytes }),
    resetSecondFactor: createResetSecondFactor(change),
    listAuthenticators: createListAuthenticators(stores),
    listIdentities: stores.identities.list,
    assertSteppedUp: createAssertSteppedUp(stores.factors, now),
    signingKeys: () => purposes.flatMap((purpose) => keyRing.keys(purpose)),
    askHealth: readiness.report,
    impersonate: createImpersonate({ ...change, newId, accessTokens }),
  };
}

/** Where ADMIN_EMAIL names somebody and there is no account yet. */
export async function inviteFirstAdministrator(
  { config, now, newId, randomBytes, log }: Base,
  { transact }: Storage,
): Promise<void> {
  if (config.adminEmail === undefined) return;
  const invite = createInviteFirstAdministrator({ now, newId, randomBytes, transact });
  if (await invite(config.adminEmail)) log.info('administrator.invited');
}
