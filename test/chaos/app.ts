import { setTimeout as sleep } from 'node:timers/promises';
import { describeToken } from './branches.ts';
import { type Account, askMe, insist, logIn, type Stage } from './person.ts';

/** Milliseconds that a phone may sleep with an answer lost: longer than the window for racing tabs. */
const longSleep = 11_000;

/**
 * An app on a phone: it keeps its refresh token itself, and has one refresh under way at the most.
 * Sometimes it falls asleep when an answer gets lost, and repeats the request much later.
 */
export async function runApp(stage: Stage, account: Account): Promise<void> {
  const { ledger, branches, random } = stage;
  const client = stage.newClient();
  let { accessToken, refreshToken } = await logIn(stage, client, account, 'BODY');

  const refresh = async (): Promise<boolean> => {
    const presented = String(refreshToken);
    const input = { refreshToken: presented };
    const outcome = await insist(
      stage,
      () => client.send({ operation: 'Refresh', variables: { input } }),
      async () => {
        if (stage.remaining() > longSleep && random() < 0.2) await sleep(longSleep);
      },
    );
    if (outcome.kind === 'refused') {
      ledger.note('sessionsLost', `app, ${describeToken(presented)}: ${outcome.reason}`);
      return false;
    }
    ({ accessToken, refreshToken } = outcome.data.refreshToken ?? {});
    branches.received(presented, String(refreshToken));
    return true;
  };
  const me = async (): Promise<boolean> => {
    const operation = random() < 0.5 ? 'Me' : 'Person';
    const standing = await askMe(stage, client, account, { operation, accessToken });
    if (standing === 'expired') return refresh();
    if (standing !== 'revoked') return true;
    ledger.note('sessionsLost', `app, ${describeToken(String(refreshToken))}: me SESSION_REVOKED`);
    return false;
  };

  while (stage.isOpen()) {
    const isAlive = random() < 0.4 ? await refresh() : await me();
    if (!isAlive) ({ accessToken, refreshToken } = await logIn(stage, client, account, 'BODY'));
    await sleep(50 + random() * 250);
  }
  // In peace again, what was never lost must still be there.
  if ((await refresh()) && (await me())) ledger.count('sessions alive at the end');
  client.close();
}
