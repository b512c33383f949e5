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
  const gateway = await startTestGateway(settings, clock, undefined, overrides);
  /**
   * A delivery that was taken and could not be made, for the machine was busy, is made again after two
   * minutes. The clock stands still here: whoever waits for a mail would wait for ever.
   */
  const patiently = async <Found>(mails: Promise<Found>): Promise<Found> => {
    const again = setInterval(() => {
      const due = 'UPDATE mail_outbox SET due_at = $1 WHERE attempts > 0';
      gateway.query(due, [gateway.clock.now()]).catch(() => {});
    }, 15_000);
    return mails.finally(() => clearInterval(again));
  };
  return {
    ...gateway,
    mail: {
      ...mail,
      mailsTo: (...asked) => patiently(mail.mailsTo(...asked)),
      mailAbout: (...asked) => patiently(mail.mailAbout(...asked)),
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
