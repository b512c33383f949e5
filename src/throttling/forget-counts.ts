import { networkOf } from './client-network.ts';
import { accountKey, credentialCounters } from './credential-throttle.ts';
import { emailSignInCounters } from './email-sign-in-throttle.ts';
import { exportCounter } from './export-throttle.ts';
import { guestCounter } from './guest-throttle.ts';
import type { MakeLimiter } from './limiters.ts';
import { mailCounters, recipientKey } from './mail-throttle.ts';
import { profileCounter } from './profile-throttle.ts';
import { registrationCounter } from './registration-throttle.ts';

/**
 * Forgets what was counted of an account or an address. A device that is known to the account has counts
 * of its own, which stay: its waits end within 15 minutes.
 */
export function createForgetCounts(make: MakeLimiter) {
  const { address, attempts, devices, gate } = credentialCounters;
  const forget = async (counters: Readonly<Record<string, Counter>>, key: string) => {
    for (const counter of Object.values(counters)) await make(counter).delete(key);
  };
  return {
    async ofAccount(userId: string, canonicalEmail: string): Promise<void> {
      await forget({ attempts, devices, gate }, accountKey(userId));
      await forget({ profileCounter, exportCounter }, userId);
      const { mails, wrongCodes, wrongCodesOfDevices } = emailSignInCounters;
      const { recipient, registration } = mailCounters;
      const ofRecipient = { recipient, registration, mails, wrongCodes, wrongCodesOfDevices };
      await forget(ofRecipient, recipientKey(canonicalEmail));
    },
    async ofAddress(ip: string): Promise<void> {
      const counters = { address, network: mailCounters.network };
      await forget({ ...counters, registrationCounter, guestCounter }, networkOf(ip));
    },
  };
}

type Counter = Parameters<MakeLimiter>[0];
