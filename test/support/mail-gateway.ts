import { RegisterDocument, type RegisterMutation } from '../generated/graphql.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { freshEmail, goodPassword } from './people.ts';
import { createTestClient, dataOf, type TestClient } from './test-client.ts';
import type { TestClock } from './test-clock.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

export interface Resident {
  readonly email: string;
  readonly client: TestClient;
  readonly accessToken: string;
  readonly session: RegisterMutation['register'];
}

/** Milliseconds. Shorter than a test may take. */
const longestWait = 60_000;

/** A gateway that sends its mails to a real mail server, and people who live there. */
export interface MailGateway extends TestGateway {
  readonly mail: MailServer;
  /** Somebody who has just registered, in a browser of their own. */
  readonly settle: (email?: string) => Promise<Resident>;
}

export async function startMailGateway(
  env: Readonly<Record<string, string>> = {},
  clock?: TestClock,
  overrides: Parameters<typeof startTestGateway>[3] = {},
): Promise<MailGateway> {
  const mail = await startMailServer();
  const settings = { SMTP_URL: mail.url, ...env };
  const gateway = await startTestGateway(settings, clock, undefined, {
    mailInterval: 25,
    ...overrides,
  });
  /**
   * A delivery that was taken and could not be made, for the machine was busy, is made again after two
   * minutes. The clock stands still here: whoever waits for a mail would wait for ever. One that does not come
   * at all is not waited for until the test is over, which would say nothing of why.
   */
  const patiently = async <Found>(address: string, mails: Promise<Found>): Promise<Found> => {
    const again = setInterval(() => {
      const due = 'UPDATE mail_outbox SET due_at = $1 WHERE attempts > 0';
      gateway.query(due, [gateway.clock.now()]).catch(() => {});
    }, 15_000);
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      limit = setTimeout(() => tellWhatCame(address).catch(reject), longestWait);
    });
    return Promise.race([mails, late]).finally(() => {
      clearInterval(again);
      clearTimeout(limit);
    });
  };
  const tellWhatCame = async (address: string): Promise<never> => {
    const came = mail.received
      .filter(({ recipients }) => recipients.includes(address))
      .map(({ subject }) => subject);
    const waiting = await gateway.query(
      'SELECT template, attempts FROM mail_outbox WHERE recipient = $1',
      [address],
    );
    throw new Error(`no such mail: ${JSON.stringify({ address, came, waiting })}`);
  };
  return {
    ...gateway,
    mail: {
      ...mail,
      mailsTo: (...asked) => patiently(asked[0], mail.mailsTo(...asked)),
      mailAbout: (...asked) => patiently(asked[0], mail.mailAbout(...asked)),
    },
    async settle(email = freshEmail()) {
      const client = createTestClient(gateway.origin);
      const answer = await client.send(RegisterDocument, {
        input: { email, password: goodPassword },
      });
      const { register: session } = dataOf(answer);
      return { email, client, accessToken: session.accessToken, session };
    },
    async stop() {
      await gateway.stop();
      await mail.stop();
    },
  };
}
