import { text } from './text.ts';

interface Named {
  readonly id: string;
  readonly email: string | null;
  readonly username: string | null;
}

/** What an account is called in a list, by whatever it has. */
export function accountName({ id, email, username }: Named): string {
  return email ?? username ?? id;
}

interface Device {
  readonly browser: string | null;
  readonly system: string | null;
}

export function deviceName({ browser, system }: Device): string {
  if (browser && system) return text('device', { browser, system });
  return browser ?? system ?? text('device.unknown');
}
