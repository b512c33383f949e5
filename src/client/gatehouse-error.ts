import type { ErrorCode, ErrorReason } from './generated/errors.ts';

/** An input field that was refused: where it stands, which rule it broke, and a text for people. */
export interface FieldProblem {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/**
 * What kind of failure it was. `NETWORK`: no answer of the gateway came, or something that is none.
 * `SESSION_CHANGED`: the operation belonged to somebody who is no longer signed in here; it was not
 * sent under another person's token, or its answer was dropped. `CANCELLED`: the person showed no
 * passkey. `PASSKEY_EXISTS`: the device has one of this account. `PASSKEY_UNAVAILABLE`: the browser can't
 * ask for one here.
 */
export type GatehouseErrorCode =
  | ErrorCode
  | 'CANCELLED'
  | 'NETWORK'
  | 'PASSKEY_EXISTS'
  | 'PASSKEY_UNAVAILABLE'
  | 'SESSION_CHANGED';

/** What has to be shown, of `SECOND_FACTOR_REQUIRED` and `STEP_UP_REQUIRED`. */
export interface StepUpDemand {
  /** The ways that the person has, such as `TOTP`; undefined where `beginStepUp` is to be asked. */
  readonly methods?: readonly string[];
  /** The level that is asked for: `aal1`, `aal2` or `phr`. */
  readonly acr: string;
  /** Seconds ago that it may have been shown; undefined where any age will do. */
  readonly maxAge?: number;
  /** For `completeSignIn`, where no cookie has it. */
  readonly challenge?: string;
  /** Until then the sign-in can be completed (ISO 8601). */
  readonly expiresAt?: string;
}

export interface GatehouseErrorDetails {
  readonly reason?: ErrorReason | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  readonly stepUp?: StepUpDemand | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** The one error that this package throws. A newer gateway may send codes and reasons not listed. */
export class GatehouseError extends Error {
  readonly code: GatehouseErrorCode;
  /** The narrower reason inside the code. */
  declare readonly reason: ErrorReason | undefined;
  /** The same request may succeed later, without anybody doing anything. */
  declare readonly retryable: boolean;
  /** Seconds to wait before that. */
  declare readonly retryAfterSeconds: number | undefined;
  /** Of `BAD_USER_INPUT`: field by field. */
  declare readonly fields: readonly FieldProblem[] | undefined;
  /** What has to be shown first. Neither a refresh nor a sign-out helps. */
  declare readonly stepUp: StepUpDemand | undefined;
  /** Of an internal error: quote it to support. */
  declare readonly requestId: string | undefined;

  constructor(code: GatehouseErrorCode, message: string, details: GatehouseErrorDetails = {}) {
    super(message);
    Object.assign(this, { name: 'GatehouseError', retryable: false }, details);
    this.code = code;
  }
}
