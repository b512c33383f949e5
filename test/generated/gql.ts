/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation VerifyEmail($input: VerifyEmailInput!) {\n  verifyEmail(input: $input) {\n    success\n  }\n}\n\nmutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {\n  resendVerificationEmail(input: $input) {\n    success\n  }\n}\n\nmutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    revokedCount\n  }\n}\n\nmutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n  requestPasswordReset(input: $input) {\n    success\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    success\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    user {\n      id\n      email\n      username\n      firstName\n      lastName\n      avatarUrl\n      roles\n    }\n  }\n}\n\nquery MyAccount {\n  me {\n    id\n    email\n    username\n    firstName\n    lastName\n    avatarUrl\n    emailVerified\n  }\n}": typeof types.VerifyEmailDocument,
    "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Refresh($input: RefreshTokenInput) {\n  refreshToken(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Logout($input: LogoutInput) {\n  logout(input: $input) {\n    success\n  }\n}\n\nquery Me {\n  me {\n    id\n    email\n    username\n    firstName\n    lastName\n    roles\n  }\n}\n\nquery MeFromToken {\n  me {\n    id\n    roles\n  }\n}\n\nfragment SignedIn on AuthPayload {\n  accessToken\n  tokenType\n  expiresIn\n  expiresAt\n  refreshToken\n  refreshTokenExpiresAt\n  session {\n    id\n    expiresAt\n  }\n  user {\n    id\n    email\n    username\n    emailVerified\n    roles\n  }\n}": typeof types.RegisterDocument,
    "query Sessions($first: Int, $after: String) {\n  sessions(first: $first, after: $after) {\n    nodes {\n      id\n      browser\n      system\n      ip\n      current\n      createdAt\n      lastUsedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation RevokeSession($input: RevokeSessionInput!) {\n  revokeSession(input: $input) {\n    success\n  }\n}\n\nmutation RevokeOtherSessions {\n  revokeOtherSessions {\n    revokedCount\n  }\n}": typeof types.SessionsDocument,
};
const documents: Documents = {
    "mutation VerifyEmail($input: VerifyEmailInput!) {\n  verifyEmail(input: $input) {\n    success\n  }\n}\n\nmutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {\n  resendVerificationEmail(input: $input) {\n    success\n  }\n}\n\nmutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    revokedCount\n  }\n}\n\nmutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n  requestPasswordReset(input: $input) {\n    success\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    success\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    user {\n      id\n      email\n      username\n      firstName\n      lastName\n      avatarUrl\n      roles\n    }\n  }\n}\n\nquery MyAccount {\n  me {\n    id\n    email\n    username\n    firstName\n    lastName\n    avatarUrl\n    emailVerified\n  }\n}": types.VerifyEmailDocument,
    "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Refresh($input: RefreshTokenInput) {\n  refreshToken(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Logout($input: LogoutInput) {\n  logout(input: $input) {\n    success\n  }\n}\n\nquery Me {\n  me {\n    id\n    email\n    username\n    firstName\n    lastName\n    roles\n  }\n}\n\nquery MeFromToken {\n  me {\n    id\n    roles\n  }\n}\n\nfragment SignedIn on AuthPayload {\n  accessToken\n  tokenType\n  expiresIn\n  expiresAt\n  refreshToken\n  refreshTokenExpiresAt\n  session {\n    id\n    expiresAt\n  }\n  user {\n    id\n    email\n    username\n    emailVerified\n    roles\n  }\n}": types.RegisterDocument,
    "query Sessions($first: Int, $after: String) {\n  sessions(first: $first, after: $after) {\n    nodes {\n      id\n      browser\n      system\n      ip\n      current\n      createdAt\n      lastUsedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation RevokeSession($input: RevokeSessionInput!) {\n  revokeSession(input: $input) {\n    success\n  }\n}\n\nmutation RevokeOtherSessions {\n  revokeOtherSessions {\n    revokedCount\n  }\n}": types.SessionsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation VerifyEmail($input: VerifyEmailInput!) {\n  verifyEmail(input: $input) {\n    success\n  }\n}\n\nmutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {\n  resendVerificationEmail(input: $input) {\n    success\n  }\n}\n\nmutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    revokedCount\n  }\n}\n\nmutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n  requestPasswordReset(input: $input) {\n    success\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    success\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    user {\n      id\n      email\n      username\n      firstName\n      lastName\n      avatarUrl\n      roles\n    }\n  }\n}\n\nquery MyAccount {\n  me {\n    id\n    email\n    username\n    firstName\n    lastName\n    avatarUrl\n    emailVerified\n  }\n}"): (typeof documents)["mutation VerifyEmail($input: VerifyEmailInput!) {\n  verifyEmail(input: $input) {\n    success\n  }\n}\n\nmutation ResendVerificationEmail($input: ResendVerificationEmailInput!) {\n  resendVerificationEmail(input: $input) {\n    success\n  }\n}\n\nmutation ChangePassword($input: ChangePasswordInput!) {\n  changePassword(input: $input) {\n    revokedCount\n  }\n}\n\nmutation RequestPasswordReset($input: RequestPasswordResetInput!) {\n  requestPasswordReset(input: $input) {\n    success\n  }\n}\n\nmutation ResetPassword($input: ResetPasswordInput!) {\n  resetPassword(input: $input) {\n    success\n  }\n}\n\nmutation UpdateProfile($input: UpdateProfileInput!) {\n  updateProfile(input: $input) {\n    user {\n      id\n      email\n      username\n      firstName\n      lastName\n      avatarUrl\n      roles\n    }\n  }\n}\n\nquery MyAccount {\n  me {\n    id\n    email\n    username\n    firstName\n    lastName\n    avatarUrl\n    emailVerified\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Refresh($input: RefreshTokenInput) {\n  refreshToken(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Logout($input: LogoutInput) {\n  logout(input: $input) {\n    success\n  }\n}\n\nquery Me {\n  me {\n    id\n    email\n    username\n    firstName\n    lastName\n    roles\n  }\n}\n\nquery MeFromToken {\n  me {\n    id\n    roles\n  }\n}\n\nfragment SignedIn on AuthPayload {\n  accessToken\n  tokenType\n  expiresIn\n  expiresAt\n  refreshToken\n  refreshTokenExpiresAt\n  session {\n    id\n    expiresAt\n  }\n  user {\n    id\n    email\n    username\n    emailVerified\n    roles\n  }\n}"): (typeof documents)["mutation Register($input: RegisterInput!) {\n  register(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Login($input: LoginInput!) {\n  login(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Refresh($input: RefreshTokenInput) {\n  refreshToken(input: $input) {\n    ...SignedIn\n  }\n}\n\nmutation Logout($input: LogoutInput) {\n  logout(input: $input) {\n    success\n  }\n}\n\nquery Me {\n  me {\n    id\n    email\n    username\n    firstName\n    lastName\n    roles\n  }\n}\n\nquery MeFromToken {\n  me {\n    id\n    roles\n  }\n}\n\nfragment SignedIn on AuthPayload {\n  accessToken\n  tokenType\n  expiresIn\n  expiresAt\n  refreshToken\n  refreshTokenExpiresAt\n  session {\n    id\n    expiresAt\n  }\n  user {\n    id\n    email\n    username\n    emailVerified\n    roles\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Sessions($first: Int, $after: String) {\n  sessions(first: $first, after: $after) {\n    nodes {\n      id\n      browser\n      system\n      ip\n      current\n      createdAt\n      lastUsedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation RevokeSession($input: RevokeSessionInput!) {\n  revokeSession(input: $input) {\n    success\n  }\n}\n\nmutation RevokeOtherSessions {\n  revokeOtherSessions {\n    revokedCount\n  }\n}"): (typeof documents)["query Sessions($first: Int, $after: String) {\n  sessions(first: $first, after: $after) {\n    nodes {\n      id\n      browser\n      system\n      ip\n      current\n      createdAt\n      lastUsedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation RevokeSession($input: RevokeSessionInput!) {\n  revokeSession(input: $input) {\n    success\n  }\n}\n\nmutation RevokeOtherSessions {\n  revokeOtherSessions {\n    revokedCount\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;