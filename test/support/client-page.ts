import type { BrowserContext, Page } from 'playwright-core';
import type { Commands } from '../browser/pages/core.ts';
import { waitUntil } from './wait-until.ts';

export interface Failure {
  readonly code: string;
  readonly reason?: string;
  readonly retryable: boolean;
  readonly message: string;
  readonly isGatehouseError: boolean;
}

/** A tab whose page answers to commands. */
export interface ClientPage {
  readonly page: Page;
  /** @throws Error with what the page threw */
  readonly call: <Name extends keyof Commands>(
    name: Name,
    ...args: Parameters<Commands[Name]>
  ) => Promise<Awaited<ReturnType<Commands[Name]>>>;
  /** What the page throws. */
  readonly failure: <Name extends keyof Commands>(
    name: Name,
    ...args: Parameters<Commands[Name]>
  ) => Promise<Failure>;
  readonly waitForStatus: (status: string) => Promise<void>;
}

type Outcome = { readonly value: unknown } | { readonly error: Failure };

/** Opens a tab and begins a session in it. */
export async function openClientPage(
  context: BrowserContext,
  origin: string,
  options?: Parameters<Commands['begin']>[0],
): Promise<ClientPage> {
  const page = await context.newPage();
  await page.goto(`${origin}/core`);
  const client = clientOf(page);
  await client.call('begin', options ?? {});
  return client;
}

export function clientOf(page: Page): ClientPage {
  const send = (name: string, args: readonly unknown[]): Promise<Outcome> =>
    page.evaluate(`command(${JSON.stringify(name)}, ${JSON.stringify(args)})`);
  const client: ClientPage = {
    page,
    async call(name, ...args) {
      const outcome = await send(name, args);
      if ('error' in outcome) throw new Error(`${name}: ${JSON.stringify(outcome.error)}`);
      return outcome.value as never;
    },
    async failure(name, ...args) {
      const outcome = await send(name, args);
      if (!('error' in outcome)) throw new Error(`${name} was to fail`);
      return outcome.error;
    },
    async waitForStatus(status) {
      await waitUntil(async () => (await client.call('state')).status === status);
    },
  };
  return client;
}
