import type { Exchange, Model, Renewed, SignedIn } from '../core/model.ts';
import { GatehouseError } from '../gatehouse-error.ts';
import { toGatehouseError } from '../to-gatehouse-error.ts';
import { type Post, post } from './post.ts';

const payload =
  ' refreshToken session{id}user{id email username firstName lastName avatarUrl emailVerified roles createdAt}';

interface Payload {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken?: string | null;
  /** Not of a step-up. */
  readonly session?: { readonly id: string };
  readonly user?: SignedIn['user'];
}

/** The answer, without its age; with body delivery, with the refresh token. */
type Answer = Omit<Renewed & Partial<SignedIn>, 'age'> & {
  readonly refreshToken: string | null | undefined;
};

/** The text of such an operation: a step-up answers nobody's name. */
export function exchangeDocument(field: string, input?: unknown): string {
  const type = field.replace(/^./, (first) => first.toUpperCase());
  return `mutation ${type}($input:${type}Input${input ? '!' : ''}){${field}(input:$input){${field === 'logout' ? 'success' : `accessToken expiresIn${field === 'stepUp' ? '' : payload}`}}}`;
}

/**
 * Sends one of the operations that need the cookie, and only they do.
 *
 * @param refreshToken with body delivery
 * @returns null to a logout
 * @throws GatehouseError, also for an answer that lacks something: a gateway of another version sent it
 */
export async function sendExchange(
  { operation, input, bearer }: Exchange,
  refreshToken: string | null | undefined,
  delivery: Model['delivery'],
  wire: Pick<Post, 'url' | 'fetch' | 'headers'>,
): Promise<Answer | null> {
  const isLogout = operation === 'logout';
  const isStepUp = operation === 'stepUp';
  const field = operation === 'refresh' ? 'refreshToken' : operation;
  const { data, errors } = await post({
    ...wire,
    query: exchangeDocument(field, input),
    variables: {
      input: input
        ? { ...input, ...(!isStepUp && { delivery: delivery.toUpperCase() }) }
        : refreshToken && { refreshToken },
    },
    bearer,
    credentials: delivery === 'body' ? 'omit' : 'include',
    keepalive: isLogout,
    patience: isLogout ? 5_000 : 10_000,
  });
  if (errors?.[0]) throw toGatehouseError(errors);
  if (isLogout) return null;
  const {
    accessToken: token,
    expiresIn,
    session,
    user,
    refreshToken: next,
  } = Object(data?.[field]) as Payload;
  if (!token || !(expiresIn > 0) || !(isStepUp || (session?.id && user?.id))) {
    throw new GatehouseError('NETWORK', 'No session.');
  }
  return {
    token,
    ttl: expiresIn * 1000,
    ...(session && user && { sessionId: session.id, user }),
    refreshToken: next,
  };
}
