import { readFileSync } from 'node:fs';
import { createDeliverMails } from '../../src/mail/deliver-mails.ts';
import { MailFailure } from '../../src/mail/mail-transport.ts';
import type { ClaimedMail } from '../../src/mail/outbox.ts';

const minute = 60_000;

describe('docs/mails.md', () => {
  it('says when a delivery that fails is repeated, and how often', async () => {
    const { waits, attempts } = await failAgainAndAgain();
    const firsts = waits.filter((wait) => wait < 60 * minute).map(written);
    const rest = waits.slice(firsts.length);
    expect(new Set(rest)).toEqual(new Set([60 * minute]));
    const hours = Math.round(waits.reduce((sum, wait) => sum + wait) / (60 * minute));

    const text = `${firsts.slice(0, -1).join(', ')} and ${firsts.at(-1)}, then each hour`;
    const [ten, five] = [{ 10: 'ten' }[attempts], { 5: 'five' }[hours]];
    expect(readFileSync('docs/mails.md', 'utf8')).toContain(
      `is repeated after ${text}, ${ten} times in all, about ${five} hours.`,
    );
  });
});

/** @returns the milliseconds between two attempts, and how many there were until it was given up */
async function failAgainAndAgain() {
  const waits: number[] = [];
  let now = 0;
  let attempts = 0;
  let isGivenUp = false;
  const deliver = createDeliverMails({
    outbox: {
      async claim() {
        attempts += 1;
        return [{ id: 'one', locale: 'en', attempts } as ClaimedMail];
      },
      async postpone(_id, until) {
        waits.push(until.getTime() - now);
        now = until.getTime();
      },
      remove: async () => {},
    },
    now: () => new Date(now),
    async complete() {
      throw new MailFailure('nothing listens', false);
    },
    render: () => Promise.reject(new Error('nothing to render')),
    transport: { send: async () => {}, close: () => {} },
    onFailed: () => {},
    async onAbandoned() {
      isGivenUp = true;
    },
  });
  while (!isGivenUp) await deliver();
  return { waits, attempts };
}

function written(wait: number): string {
  return wait < 4 * minute ? `${wait / 1_000} s` : `${Math.round(wait / minute)} minutes`;
}
