import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import { describeToken, generationOf, sessionOf } from './branches.ts';
import { type Convoy, createConvoy } from './convoy.ts';
import { type Account, askMe, backOff, logIn, type Stage } from './person.ts';

const cookieName = '__Host-refreshToken';

/** What the tabs of one browser share. */
interface Browser {
  readonly client: ApiClient;
  readonly account: Account;
  /** The generations that came last, in the order in which they came. */
  readonly arrivals: number[];
  /** The refreshes under way, all with one cookie. */
  readonly convoy: Convoy;
  /** Takes note that a session is over, once, and logs in again. */
  readonly lose: (sessionId: string | undefined, detail: string) => Promise<void>;
}

/**
 * A browser with several tabs on one cookie jar. Each tab has its own access token and refreshes when
 * it likes: they race with the same cookie, and must converge. With a newer cookie none begins before
 * all answers to the older one are there. A browser keeps the cookie that comes last; were that one of
 * a race that is long over, no server could tell its owner from a thief.
 */
export async function runBrowser(stage: Stage, account: Account, tabs: number): Promise<void> {
  const client = stage.newClient();
  let current: string | undefined;
  let signingIn: Promise<void> | undefined;

  // One tab shows the log-in page; the others find themselves logged in.
  const signIn = () => {
    signingIn ??= logIn(stage, client, account, 'COOKIE').then(({ session }) => {
      current = session?.id;
      signingIn = undefined;
    });
    return signingIn;
  };
  const lose = async (sessionId: string | undefined, detail: string) => {
    if (signingIn || sessionId !== current) return signingIn;
    stage.ledger.note('sessionsLost', `browser: ${detail}`);
    return signIn();
  };

  await signIn();
  const browser: Browser = { client, account, arrivals: [], convoy: createConvoy(), lose };
  const running = Array.from({ length: tabs }, () => runTab(stage, browser));
  const alive = await Promise.all(running);
  if (alive.every(Boolean)) stage.ledger.count('sessions alive at the end');
  client.close();
}

/** @returns whether the session was alive when all was over */
async function runTab(stage: Stage, browser: Browser): Promise<boolean> {
  const { random } = stage;
  let accessToken = await refresh(stage, browser);

  const me = async (): Promise<boolean> => {
    const operation = random() < 0.5 ? 'Me' : 'Person';
    const { client, account } = browser;
    const standing = await askMe(stage, client, account, { operation, accessToken });
    if (standing === 'revoked') {
      await browser.lose(sessionOfAccessToken(accessToken), 'me SESSION_REVOKED');
    }
    if (standing === 'revoked' || standing === 'expired') {
      accessToken = await refresh(stage, browser);
    }
    return standing === 'good';
  };

  while (stage.isOpen()) {
    if (random() < 0.3) accessToken = await refresh(stage, browser);
    else await me();
    await sleep(50 + random() * 350);
  }
  accessToken = await refresh(stage, browser);
  return me();
}

/** @returns an access token, of a new session if need be */
async function refresh(stage: Stage, { client, arrivals, convoy, lose }: Browser): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    if (!stage.mayOvertake) await convoy.join(() => client.cookies.get(cookieName));
    // The browser sends what it holds at that moment: another tab may have brought a newer one.
    const presented = client.cookies.get(cookieName);
    const outcome = await client.send({ operation: 'Refresh' });
    if (!stage.mayOvertake) convoy.leave();
    if (outcome.kind === 'answered') {
      const successor = outcome.cookies.get(cookieName);
      if (!presented || !successor) stage.ledger.note('wrong', 'refreshed without a cookie');
      else {
        stage.branches.received(presented, successor);
        const arrived = generationOf(successor);
        if (arrived < Math.max(...arrivals)) stage.ledger.count('cookies that arrived late');
        arrivals.push(arrived);
        arrivals.splice(0, arrivals.length - 12);
      }
      return String(outcome.data.refreshToken?.accessToken);
    }
    if (outcome.kind === 'refused' && !outcome.retryable) {
      const detail = presented ? describeToken(presented) : 'no cookie';
      const history = `arrived before: ${arrivals.join(' ')}`;
      await lose(presented && sessionOf(presented), `${detail}: ${outcome.reason}, ${history}`);
    } else {
      await backOff(attempt, stage.random);
    }
  }
}

function sessionOfAccessToken(token: string): string {
  const [, claims = ''] = token.split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).sid;
}
