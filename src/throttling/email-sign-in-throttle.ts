import { createHash } from 'node:crypto';
import { networkOf } from './client-network.ts';
import { ifLeft, take } from './credential-throttle.ts';
import { RateLimited } from './errors.ts';
import type { MakeLimiter } from './limiters.ts';
import { mailCounters, recipientKey } from './mail-throttle.ts';

/**
 * The numbers (SECURITY.md repeats them). An address gets 10 mails to sign in with an hour, 5 of them
 * asked for by one network; and 30 wrong codes a day are tried at it, 15 of them by one network. A device
 * that its account knows has 5 mails and 30 wrong codes of its own besides, all such devices together 90
 * wrong codes. At those 30, somebody who tries every day of a year finds a code with a chance of one in
 * ninety.
 */
export const emailSignInLimits = {
  mails: 10,
  mailsOfNetwork: 5,
  mailsOfDevice: 5,
  mailWindow: 3_600,
  wrongCodes: 30,
  wrongCodesOfNetwork: 15,
  wrongCodesOfDevices: 90,
  codeWindow: 24 * 3_600,
} as const;

const { mailWindow, codeWindow } = emailSignInLimits;

export const emailSignInCounters = {
  mails: {
    keyPrefix: 'sign-in-mail-recipient',
    points: emailSignInLimits.mails,
    duration: mailWindow,
  },
  mailsOfNetwork: {
    keyPrefix: 'sign-in-mail-network',
    points: emailSignInLimits.mailsOfNetwork,
    duration: mailWindow,
  },
  mailsOfDevice: {
    keyPrefix: 'sign-in-mail-device',
    points: emailSignInLimits.mailsOfDevice,
    duration: mailWindow,
  },
  wrongCodes: {
    keyPrefix: 'sign-in-codes',
    points: emailSignInLimits.wrongCodes,
    duration: codeWindow,
  },
  wrongCodesOfNetwork: {
    keyPrefix: 'sign-in-codes-network',
    points: emailSignInLimits.wrongCodesOfNetwork,
    duration: codeWindow,
  },
  wrongCodesOfDevices: {
    keyPrefix: 'sign-in-codes-devices',
    points: emailSignInLimits.wrongCodesOfDevices,
    duration: codeWindow,
  },
} as const;

export interface EmailSignInThrottle {
  /** Counts a request for a mail. @throws RateLimited with the wait */
  readonly request: (request: {
    /** The canonical address. */
    readonly recipient: string;
    readonly ip: string | null;
    /** The device, where the account with the address knows it; asked only when nothing else is left. */
    readonly knownDevice: () => Promise<string | null>;
  }) => Promise<void>;
  /**
   * Counts a code before it is looked at.
   *
   * @returns what forgets it again, for it was right, or never looked at
   * @throws RateLimited with the wait
   */
  readonly tryCode: (attempt: {
    readonly recipient: string;
    readonly ip: string | null;
    /** A device that the account knows. */
    readonly device: string | null;
  }) => Promise<() => Promise<void>>;
}

/**
 * Attacks: a mailbox that we are made to flood, from one network so that its owner can ask for none (each
 * network has half of what there is); and six digits, guessed over many requests and many days. No
 * success ends the count of wrong codes: the owner's own sign-ins would give a guesser new chances.
 *
 * Attack: using up, on purpose, the mails or the codes of somebody's address, so that they can't sign in
 * so. One network comes to half of them; whoever has several keeps out only browsers that have not signed
 * in before, and none from the account's other ways in, the link of a mail among them.
 *
 * These mails count by themselves: flooding somebody with them keeps nobody from a new password.
 */
export function createEmailSignInThrottle(make: MakeLimiter): EmailSignInThrottle {
  const networks = make(mailCounters.network);
  const mails = make(emailSignInCounters.mails);
  const mailsOfNetwork = make(emailSignInCounters.mailsOfNetwork);
  const mailsOfDevice = make(emailSignInCounters.mailsOfDevice);
  const codes = make(emailSignInCounters.wrongCodes);
  const codesOfNetwork = make(emailSignInCounters.wrongCodesOfNetwork);
  const codesOfDevices = make(emailSignInCounters.wrongCodesOfDevices);
  return {
    async request({ recipient, ip, knownDevice }) {
      const network = networkOf(ip);
      await take(() => networks.consume(network));
      try {
        await take(() => mailsOfNetwork.consume(keyOf(network, recipient)));
        await take(() => mails.consume(recipientKey(recipient)));
      } catch (error) {
        const device = error instanceof RateLimited ? await knownDevice() : null;
        if (device === null) throw error;
        await take(() => mailsOfDevice.consume(keyOf(device, recipient)));
      }
    },
    async tryCode({ recipient, ip, device }) {
      const shared = recipientKey(recipient);
      if (device !== null && (await ifLeft(codesOfDevices.consume(shared)))) {
        const own = keyOf(device, recipient);
        await take(() => codes.consume(own)).catch(async (error: unknown) => {
          await codesOfDevices.reward(shared);
          throw error;
        });
        return async () => {
          await Promise.all([codes.reward(own), codesOfDevices.reward(shared)]);
        };
      }
      const ofNetwork = keyOf(networkOf(ip), recipient);
      await take(() => codesOfNetwork.consume(ofNetwork));
      await take(() => codes.consume(shared)).catch(async (error: unknown) => {
        await codesOfNetwork.reward(ofNetwork);
        throw error;
      });
      return async () => {
        await Promise.all([codes.reward(shared), codesOfNetwork.reward(ofNetwork)]);
      };
    },
  };
}

/** No address stands in the store of the counts, only a hash. */
function keyOf(of: string, recipient: string): string {
  return createHash('sha256').update(`${of}:${recipient}`).digest('base64url');
}
