import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient, Payload } from './api-client.ts';
import { type Account, insist, logIn, type Stage } from './person.ts';

/** Milliseconds after a revocation from which no process may take the access token any more. */
const allowed = 1_000;
/** Milliseconds for which a revoked token is tried, and between two tries. */
const trial = 3_000;
const pause = 120;

/** Signs out, again and again, and then tries the access token that was just revoked everywhere. */
export async function runRevoker(stage: Stage, account: Account): Promise<void> {
  const client = stage.newClient();
  const trials: Promise<void>[] = [];
  while (stage.isOpen()) {
    const revoked = await logIn(stage, client, account, 'BODY');
    if (await end(stage, client, account, revoked))
      trials.push(tryOn(stage, String(revoked.accessToken)));
    await sleep(200 + stage.random() * 1_000);
  }
  await Promise.all(trials);
  client.close();
}

/** Ends a session: by its own log-out, or from another device. @returns whether that is certain */
async function end(
  stage: Stage,
  client: ApiClient,
  account: Account,
  session: Payload,
): Promise<boolean> {
  if (stage.random() < 0.5) {
    const input = { refreshToken: session.refreshToken };
    const outcome = await insist(stage, () =>
      client.send({ operation: 'Logout', variables: { input } }),
    );
    return outcome.kind === 'answered';
  }
  const { accessToken, refreshToken } = await logIn(stage, client, account, 'BODY');
  const input = { sessionId: session.session?.id };
  const outcome = await insist(stage, () =>
    client.send({ operation: 'Revoke', variables: { input }, accessToken }),
  );
  await client.send({ operation: 'Logout', variables: { input: { refreshToken } } });
  return outcome.kind === 'answered';
}

async function tryOn(stage: Stage, accessToken: string): Promise<void> {
  const { ledger } = stage;
  const revokedAt = performance.now();
  const client = stage.newClient();
  for (;;) {
    const sentAfter = performance.now() - revokedAt;
    if (sentAfter > trial) break;
    const outcome = await client.send({ operation: 'Me', accessToken });
    if (outcome.kind === 'answered' && outcome.data.me) {
      ledger.measure('revoked token still taken', sentAfter);
      if (sentAfter > allowed) {
        ledger.note('livedOn', `taken ${Math.round(sentAfter)} ms after its revocation`);
      }
    } else if (outcome.kind === 'answered') {
      ledger.note('wrong', 'me is null for a revoked token');
    }
    await sleep(pause);
  }
  ledger.count('revocations tried');
  client.close();
}
