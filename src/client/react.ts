import {
  createContext,
  createElement,
  Fragment,
  type ReactElement,
  type ReactNode,
  useContext,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import type { Session } from './session.ts';
import type { SessionState, SessionUser } from './session-state.ts';

interface Provided {
  readonly session: Session;
  readonly initial: SessionState;
  /** Once it was known who is signed in, what a server rendered is history. */
  isKnown: boolean;
}

const unknown: SessionState = { status: 'unknown', user: null, sessionId: null };
const Context = createContext<Provided | undefined>(undefined);

export interface SessionProviderProps {
  readonly session: Session;
  /** What the server knew when it rendered the page: `state` of `readSession`. */
  readonly initial?: SessionState;
  readonly children?: ReactNode;
}

/** Gives the session to whatever stands in it. */
export function SessionProvider(props: SessionProviderProps): ReactElement {
  const { session, initial = unknown, children } = props;
  const value = useMemo<Provided>(() => ({ session, initial, isKnown: false }), [session]);
  return createElement(Context.Provider, { value }, children);
}

/**
 * The session, whose `state` is the one that is rendered: whoever uses this renders again when it
 * changes.
 *
 * @throws Error outside of a SessionProvider
 */
export function useSession(): Session {
  const provided = useContext(Context);
  if (!provided) throw new Error('useSession stands in no SessionProvider.');
  const { session, initial } = provided;
  const state = useSyncExternalStore(
    session.subscribe,
    () => {
      provided.isKnown ||= session.state.status !== 'unknown';
      return provided.isKnown ? session.state : stateOf(session.state, initial);
    },
    () => initial,
  );
  return useMemo(() => Object.create(session, { state: { value: state } }), [session, state]);
}

/** What a server rendered stands until more is known. */
function stateOf(state: SessionState, initial: SessionState): SessionState {
  return initial.status === 'unknown' ? state : initial;
}

/** Who is signed in; null for nobody, and while it is not known. */
export function useUser(): SessionUser | null {
  return useSession().state.user;
}

export interface SignedInProps {
  readonly children?: ReactNode;
}

/** Its children, while somebody is signed in. Another user gets others: nothing of the former one stays. */
export function SignedIn({ children }: SignedInProps): ReactElement | null {
  const user = useUser();
  return user && createElement(Fragment, { key: user.id }, children);
}

/** Its children, while it is known that nobody is signed in. */
export function SignedOut({ children }: SignedInProps): ReactElement | null {
  const { status } = useSession().state;
  return status === 'signed-out' ? createElement(Fragment, null, children) : null;
}

/**
 * A value for each user, such as an urql client, whose cache can't be emptied: made anew when somebody
 * else is signed in, or nobody any more.
 */
export function usePerUser<Value>(create: () => Value): Value {
  const { status, user } = useSession().state;
  const made = useRef<{ readonly value: Value; holder: string | null | undefined }>(undefined);
  const holder = status === 'unknown' ? undefined : (user?.id ?? null);
  const { current } = made;
  const isOther = current && current.holder !== undefined && current.holder !== holder;
  if (!current || isOther) made.current = { value: create(), holder };
  else if (current.holder === undefined) current.holder = holder;
  return (made.current as { readonly value: Value }).value;
}
