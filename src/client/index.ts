/** Published as `graphql-gatehouse-client`: the session of a page or program. */
export { createSession } from './create-session.ts';
export {
  type FieldProblem,
  GatehouseError,
  type GatehouseErrorCode,
  type GatehouseErrorDetails,
  type StepUpDemand,
} from './gatehouse-error.ts';
export type { ErrorCode, ErrorReason } from './generated/errors.ts';
export type { TokenStorage } from './ports/token-store.ts';
export type { LoginInput, RegisterInput, Session, SessionOptions } from './session.ts';
export type { SessionState, SessionUser } from './session-state.ts';
export { toGatehouseError } from './to-gatehouse-error.ts';
export type { TypedDocument } from './wire/typed-document.ts';
