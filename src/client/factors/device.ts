import { GatehouseError, type GatehouseErrorCode } from '../gatehouse-error.ts';
import { devices } from '../ports/credentials.ts';
import type { PasskeyAnswer, PasskeyCeremony } from './ceremony.ts';
import { fromJson, toJson } from './credential-json.ts';

/** Milliseconds: a ceremony is good for five minutes, and people need some of them. */
const freshness = 4 * 60_000;
const again = 'again';
const meanings: Readonly<Record<string, GatehouseErrorCode>> = {
  NotAllowedError: 'CANCELLED',
  AbortError: 'CANCELLED',
  InvalidStateError: 'PASSKEY_EXISTS',
};

/** What waits in a form: a browser has one request at a time, and this one gives way. */
let waiting: AbortController | undefined;
/** What buttons have asked for. */
let asked: Promise<unknown> = Promise.resolve();

/** Whether this browser can have passkeys at all. */
export function hasPasskeys(): boolean {
  return Boolean(credentials());
}

/**
 * Asks the person for a passkey, for `complete` of a sign-in or `stepUp`.
 *
 * @throws GatehouseError `CANCELLED` where nothing was shown, whyever: a browser does not tell; and
 *   `PASSKEY_UNAVAILABLE`, with its `cause`, where it can't ask
 */
export function answerCeremony(
  ceremony: PasskeyCeremony,
  signal?: AbortSignal,
): Promise<PasskeyAnswer> {
  return inTurn(call('get', ceremony, { signal }));
}

/** @throws GatehouseError as above, and `PASSKEY_EXISTS` where the device has one of this account */
export function makePasskey(
  ceremony: PasskeyCeremony,
  signal?: AbortSignal,
): Promise<PasskeyAnswer> {
  return inTurn(call('create', ceremony, { signal }));
}

/**
 * Waits for whoever chooses a passkey in a form.
 *
 * @returns null where nothing comes any more; `again` where a newer ceremony is to be waited with
 */
export async function waitInForm(
  ceremony: PasskeyCeremony,
  signal: AbortSignal | undefined,
): Promise<PasskeyAnswer | typeof again | null> {
  await asked;
  waiting?.abort();
  const own = new AbortController();
  const stop = () => own.abort();
  const timer = setTimeout(() => own.abort(again), freshness);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  waiting = own;
  try {
    return await call('get', ceremony, { mediation: 'conditional', signal: own.signal });
  } catch {
    return own.signal.reason === again ? again : null;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

function credentials() {
  return devices.PublicKeyCredential && devices.navigator?.credentials;
}

function inTurn(asking: Promise<PasskeyAnswer>): Promise<PasskeyAnswer> {
  asked = Promise.allSettled([asked, asking]);
  return asking;
}

async function call(
  method: 'create' | 'get',
  { ceremony, options }: PasskeyCeremony,
  how: { readonly mediation?: 'conditional'; readonly signal?: AbortSignal | undefined },
): Promise<PasskeyAnswer> {
  if (!how.mediation) waiting?.abort(again);
  try {
    const publicKey = fromJson(options);
    const given = await credentials()?.[method]({ publicKey, ...how });
    if (!given) throw new Error('The browser has no passkeys.');
    return { ceremony, response: toJson(given) };
  } catch (cause) {
    const { name, message } = cause as Error;
    throw new GatehouseError(meanings[name] ?? 'PASSKEY_UNAVAILABLE', message, { cause });
  }
}
