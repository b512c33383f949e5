/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What is absent lets everything through; the rest holds together. */
export type AuditEventFilter = {
  actorId?: string | number | null | undefined;
  from?: string | null | undefined;
  sessionId?: string | number | null | undefined;
  types?: Array<string> | null | undefined;
  until?: string | null | undefined;
  userId?: string | number | null | undefined;
};

export type CreateUserInput = {
  email: string;
  firstName?: string | null | undefined;
  lastName?: string | null | undefined;
  /** Why: it stays in the audit trail. */
  reason: string;
  /** Besides those that every new account gets. */
  roles?: Array<string>;
  username?: string | null | undefined;
};

export type LiftThrottleInput = {
  /** Of this IP address, whatever they aimed at; of IPv6 its /64 is meant. */
  ip?: string | null | undefined;
  /** Why: it stays in the audit trail. */
  reason: string;
  /** Of this account, from wherever they came. */
  userId?: string | number | null | undefined;
};

export type RequestUserEmailChangeInput = {
  newEmail: string;
  /** Why: it stays in the audit trail. */
  reason: string;
  userId: string | number;
};

export type RevokeSessionsInput = {
  /** Only count. */
  dryRun?: boolean;
  /** Said with an empty filter: everybody is meant. */
  everyone?: boolean;
  filter: SessionFilter;
  /** Why: it stays in the audit trail. */
  reason: string;
};

/** What is absent lets everything through; the rest holds together. */
export type SessionFilter = {
  lastUsedBefore?: string | null | undefined;
  /** An address, or a network such as 203.0.113.0/24. */
  network?: string | null | undefined;
  openedBefore?: string | null | undefined;
  role?: string | null | undefined;
  /** One session, such as a stolen one. */
  sessionId?: string | number | null | undefined;
  userId?: string | number | null | undefined;
};

/** What is absent lets everything through; the rest holds together. */
export type UserFilter = {
  createdFrom?: string | null | undefined;
  createdUntil?: string | null | undefined;
  disabled?: boolean | null | undefined;
  emailVerified?: boolean | null | undefined;
  /** True for those who have no account yet, who are left out otherwise. */
  guest?: boolean | null | undefined;
  lastSeenFrom?: string | null | undefined;
  lastSeenUntil?: string | null | undefined;
  role?: string | null | undefined;
  /** Any part of an e-mail address or a name, of three characters at least, or a whole id. Less is looked for at the beginning of the address and the username. */
  search?: string | null | undefined;
};

export type UserInput = {
  /** Why: it stays in the audit trail. */
  reason: string;
  userId: string | number;
};

export type UserRoleInput = {
  /** Why: it stays in the audit trail. */
  reason: string;
  role: string;
  userId: string | number;
};

export type UserSort =
  | 'CREATED_ASC'
  | 'CREATED_DESC'
  | 'LAST_SEEN_ASC'
  | 'LAST_SEEN_DESC';

export type MyScopesQueryVariables = Exact<{ [key: string]: never; }>;


export type MyScopesQuery = { myScopes: Array<string> };

export type UsersQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: UserFilter | null | undefined;
  sort: UserSort;
}>;


export type UsersQuery = { users: { nodes: Array<{ id: string, email: string | null, emailVerified: boolean, username: string | null, firstName: string | null, lastName: string | null, roles: Array<string>, isGuest: boolean, disabledAt: string | null, lastSeenAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type UserFactsQueryVariables = Exact<{
  id: string | number;
}>;


export type UserFactsQuery = { user: { id: string, email: string | null, emailVerified: boolean, username: string | null, firstName: string | null, lastName: string | null, roles: Array<string>, disabledAt: string | null, createdAt: string, lastSeenAt: string, identities: Array<{ id: string, provider: string, email: string | null }>, authenticators: { hasPassword: boolean, recoveryCodesLeft: number, totp: { createdAt: string } | null, passkeys: Array<{ id: string, name: string, createdAt: string, lastUsedAt: string | null, suspended: boolean }> } } | null };

export type UserSessionsQueryVariables = Exact<{
  id: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type UserSessionsQuery = { user: { sessions: { nodes: Array<{ id: string, browser: string | null, system: string | null, ip: string | null, createdAt: string, lastUsedAt: string, current: boolean }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type AuditEventsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: AuditEventFilter | null | undefined;
}>;


export type AuditEventsQuery = { auditEvents: { nodes: Array<{ id: string, type: string, at: string, userId: string | null, actorId: string | null, sessionId: string | null, ip: string | null, userAgent: string | null, detail: Record<string, unknown> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RolesQueryVariables = Exact<{ [key: string]: never; }>;


export type RolesQuery = { roles: Array<{ name: string, isDefault: boolean, scopes: Array<string> }> };

export type SystemQueryVariables = Exact<{ [key: string]: never; }>;


export type SystemQuery = { health: { status: string, checks: Array<{ name: string, state: string }> }, signingKeys: Array<{ kid: string, purpose: string, algorithm: string, state: string, createdAt: string, changedAt: string }> };

export type RevokeSessionsMutationVariables = Exact<{
  input: RevokeSessionsInput;
}>;


export type RevokeSessionsMutation = { revokeSessions: { count: number } };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
}>;


export type CreateUserMutation = { createUser: { user: { id: string } } };

export type ImpersonateMutationVariables = Exact<{
  input: UserInput;
}>;


export type ImpersonateMutation = { impersonate: { accessToken: string, expiresAt: string, expiresIn: number } };

export type ExportUserDataMutationVariables = Exact<{
  input: UserInput;
}>;


export type ExportUserDataMutation = { exportUserData: { data: Record<string, unknown> } };

export type ForcePasswordResetMutationVariables = Exact<{
  input: UserInput;
}>;


export type ForcePasswordResetMutation = { forcePasswordReset: { revokedCount: number } };

export type RequestUserEmailChangeMutationVariables = Exact<{
  input: RequestUserEmailChangeInput;
}>;


export type RequestUserEmailChangeMutation = { requestUserEmailChange: { success: boolean } };

export type VerifyUserEmailMutationVariables = Exact<{
  input: UserInput;
}>;


export type VerifyUserEmailMutation = { verifyUserEmail: { changed: boolean } };

export type SendVerificationMutationVariables = Exact<{
  input: UserInput;
}>;


export type SendVerificationMutation = { sendVerification: { sent: boolean } };

export type DisableUserMutationVariables = Exact<{
  input: UserInput;
}>;


export type DisableUserMutation = { disableUser: { changed: boolean } };

export type EnableUserMutationVariables = Exact<{
  input: UserInput;
}>;


export type EnableUserMutation = { enableUser: { changed: boolean } };

export type ResetSecondFactorMutationVariables = Exact<{
  input: UserInput;
}>;


export type ResetSecondFactorMutation = { resetSecondFactor: { changed: boolean } };

export type LiftThrottleMutationVariables = Exact<{
  input: LiftThrottleInput;
}>;


export type LiftThrottleMutation = { liftThrottle: { success: boolean } };

export type DeleteUserMutationVariables = Exact<{
  input: UserInput;
}>;


export type DeleteUserMutation = { deleteUser: { revokedCount: number } };

export type GrantRoleMutationVariables = Exact<{
  input: UserRoleInput;
}>;


export type GrantRoleMutation = { grantRole: { changed: boolean } };

export type TakeRoleMutationVariables = Exact<{
  input: UserRoleInput;
}>;


export type TakeRoleMutation = { takeRole: { changed: boolean } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const MyScopesDocument = new TypedDocumentString(`
    query MyScopes {
  myScopes
}
    `) as unknown as TypedDocumentString<MyScopesQuery, MyScopesQueryVariables>;
export const UsersDocument = new TypedDocumentString(`
    query Users($first: Int!, $after: String, $filter: UserFilter, $sort: UserSort!) {
  users(first: $first, after: $after, filter: $filter, sort: $sort) {
    nodes {
      id
      email
      emailVerified
      username
      firstName
      lastName
      roles
      isGuest
      disabledAt
      lastSeenAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<UsersQuery, UsersQueryVariables>;
export const UserFactsDocument = new TypedDocumentString(`
    query UserFacts($id: ID!) {
  user(id: $id) {
    id
    email
    emailVerified
    username
    firstName
    lastName
    roles
    disabledAt
    createdAt
    lastSeenAt
    identities {
      id
      provider
      email
    }
    authenticators {
      hasPassword
      recoveryCodesLeft
      totp {
        createdAt
      }
      passkeys {
        id
        name
        createdAt
        lastUsedAt
        suspended
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UserFactsQuery, UserFactsQueryVariables>;
export const UserSessionsDocument = new TypedDocumentString(`
    query UserSessions($id: ID!, $first: Int!, $after: String) {
  user(id: $id) {
    sessions(first: $first, after: $after) {
      nodes {
        id
        browser
        system
        ip
        createdAt
        lastUsedAt
        current
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UserSessionsQuery, UserSessionsQueryVariables>;
export const AuditEventsDocument = new TypedDocumentString(`
    query AuditEvents($first: Int!, $after: String, $filter: AuditEventFilter) {
  auditEvents(first: $first, after: $after, filter: $filter) {
    nodes {
      id
      type
      at
      userId
      actorId
      sessionId
      ip
      userAgent
      detail
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditEventsQuery, AuditEventsQueryVariables>;
export const RolesDocument = new TypedDocumentString(`
    query Roles {
  roles {
    name
    isDefault
    scopes
  }
}
    `) as unknown as TypedDocumentString<RolesQuery, RolesQueryVariables>;
export const SystemDocument = new TypedDocumentString(`
    query System {
  health {
    status
    checks {
      name
      state
    }
  }
  signingKeys {
    kid
    purpose
    algorithm
    state
    createdAt
    changedAt
  }
}
    `) as unknown as TypedDocumentString<SystemQuery, SystemQueryVariables>;
export const RevokeSessionsDocument = new TypedDocumentString(`
    mutation RevokeSessions($input: RevokeSessionsInput!) {
  revokeSessions(input: $input) {
    count
  }
}
    `) as unknown as TypedDocumentString<RevokeSessionsMutation, RevokeSessionsMutationVariables>;
export const CreateUserDocument = new TypedDocumentString(`
    mutation CreateUser($input: CreateUserInput!) {
  createUser(input: $input) {
    user {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<CreateUserMutation, CreateUserMutationVariables>;
export const ImpersonateDocument = new TypedDocumentString(`
    mutation Impersonate($input: UserInput!) {
  impersonate(input: $input) {
    accessToken
    expiresAt
    expiresIn
  }
}
    `) as unknown as TypedDocumentString<ImpersonateMutation, ImpersonateMutationVariables>;
export const ExportUserDataDocument = new TypedDocumentString(`
    mutation ExportUserData($input: UserInput!) {
  exportUserData(input: $input) {
    data
  }
}
    `) as unknown as TypedDocumentString<ExportUserDataMutation, ExportUserDataMutationVariables>;
export const ForcePasswordResetDocument = new TypedDocumentString(`
    mutation ForcePasswordReset($input: UserInput!) {
  forcePasswordReset(input: $input) {
    revokedCount
  }
}
    `) as unknown as TypedDocumentString<ForcePasswordResetMutation, ForcePasswordResetMutationVariables>;
export const RequestUserEmailChangeDocument = new TypedDocumentString(`
    mutation RequestUserEmailChange($input: RequestUserEmailChangeInput!) {
  requestUserEmailChange(input: $input) {
    success
  }
}
    `) as unknown as TypedDocumentString<RequestUserEmailChangeMutation, RequestUserEmailChangeMutationVariables>;
export const VerifyUserEmailDocument = new TypedDocumentString(`
    mutation VerifyUserEmail($input: UserInput!) {
  verifyUserEmail(input: $input) {
    changed
  }
}
    `) as unknown as TypedDocumentString<VerifyUserEmailMutation, VerifyUserEmailMutationVariables>;
export const SendVerificationDocument = new TypedDocumentString(`
    mutation SendVerification($input: UserInput!) {
  sendVerification(input: $input) {
    sent
  }
}
    `) as unknown as TypedDocumentString<SendVerificationMutation, SendVerificationMutationVariables>;
export const DisableUserDocument = new TypedDocumentString(`
    mutation DisableUser($input: UserInput!) {
  disableUser(input: $input) {
    changed
  }
}
    `) as unknown as TypedDocumentString<DisableUserMutation, DisableUserMutationVariables>;
export const EnableUserDocument = new TypedDocumentString(`
    mutation EnableUser($input: UserInput!) {
  enableUser(input: $input) {
    changed
  }
}
    `) as unknown as TypedDocumentString<EnableUserMutation, EnableUserMutationVariables>;
export const ResetSecondFactorDocument = new TypedDocumentString(`
    mutation ResetSecondFactor($input: UserInput!) {
  resetSecondFactor(input: $input) {
    changed
  }
}
    `) as unknown as TypedDocumentString<ResetSecondFactorMutation, ResetSecondFactorMutationVariables>;
export const LiftThrottleDocument = new TypedDocumentString(`
    mutation LiftThrottle($input: LiftThrottleInput!) {
  liftThrottle(input: $input) {
    success
  }
}
    `) as unknown as TypedDocumentString<LiftThrottleMutation, LiftThrottleMutationVariables>;
export const DeleteUserDocument = new TypedDocumentString(`
    mutation DeleteUser($input: UserInput!) {
  deleteUser(input: $input) {
    revokedCount
  }
}
    `) as unknown as TypedDocumentString<DeleteUserMutation, DeleteUserMutationVariables>;
export const GrantRoleDocument = new TypedDocumentString(`
    mutation GrantRole($input: UserRoleInput!) {
  grantRole(input: $input) {
    changed
  }
}
    `) as unknown as TypedDocumentString<GrantRoleMutation, GrantRoleMutationVariables>;
export const TakeRoleDocument = new TypedDocumentString(`
    mutation TakeRole($input: UserRoleInput!) {
  takeRole(input: $input) {
    changed
  }
}
    `) as unknown as TypedDocumentString<TakeRoleMutation, TakeRoleMutationVariables>;