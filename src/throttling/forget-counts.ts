import { networkOf } from './client-network.ts';
import { accountKey, credentialCounters } from './credential-throttle.ts';
import { exportCounter } from './export-throttle.ts';
import type { MakeLimiter } from './limiters.ts';
import { mailCounters, recipientKey } from './mail-throttle.ts';
import { profileCounter } from './profile-throttle.ts';
import { registrationCounter } from './registration-throttle.ts';

/**
 * Forgets what was counted of an account or an address. A device that has signed in to the account
 * before has counts of its own, which stay: its waits end within 15 minutes.
 */
export function createForgetCounts(make: MakeLimiter) {
  const { address, attempts, gate } = credentialCounters;
  const forget = async (counters: Readonly<Record<string, Counter>>, key: string) => {
    for (const counter of Object.values(counters)) await make(counter).delete(key);
  };
  return {
    async ofAccount(userId: string, canonicalEmail: string): Promise<void> {
      await forget({ attempts, gate }, accountKey(userId));
      await forget({ profileCounter, exportCounter }, userId);
      await forget({ recipient: mailCounters.recipient }, recipientKey(canonicalEmail));
    },
    async ofAddress(ip: string): Promise<void> {
      const counters = { address, network: mailCounters.network, registrationCounter };
      await forget(counters, networkOf(ip));
    },
  };
}

type Counter = Parameters<MakeLimiter>[0];
