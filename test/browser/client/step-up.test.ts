import type { Browser, Page } from 'playwright-core';
import { registerPerson } from '../../support/administrators.ts';
import { launchChromium } from '../../support/chromium.ts';
import { type GatewayProxy, startGatewayProxy } from '../../support/gateway-proxy.ts';
import { codeAt } from '../../support/one-time-codes.ts';
import { bundlePages } from '../../support/page-bundles.ts';
import { freshEmail } from '../../support/people.ts';
import { federation, startTestGraph, type TestGraph } from '../../support/test-graph.ts';
import { addVirtualDevice } from '../../support/virtual-device.ts';

const fresh = '@policy(policies: [["gatehouse:fresh(5m)"]])';
const sources = {
  money: {
    sdl: `${federation}
      type Query { balance: Int @authenticated, payout: Int ${fresh} }
      type Mutation { pay: Int ${fresh} }`,
    resolvers: {
      Query: { balance: () => 1, payout: () => 3 },
      Mutation: { pay: () => 5 },
    },
  },
  keys: {
    sdl: `${federation} type Query { pin: Int ${fresh} }`,
    resolvers: { Query: { pin: () => 4 } },
  },
} as const;

const minute = 60_000;

describe.each(['apollo', 'urql'])('a page with %s, before two subgraphs', (name) => {
  let proxy: GatewayProxy;
  let graph: TestGraph<'money' | 'keys'>;
  let browser: Browser;

  beforeAll(async () => {
    const files = await bundlePages([`${name}-step-up`]);
    proxy = await startGatewayProxy(() => graph.gateway.origin, files);
    const { origin } = proxy;
    graph = await startTestGraph(sources, {
      CORS_ORIGINS: origin,
      PASSKEY_RP_ID: 'localhost',
      PASSKEY_ORIGINS: origin,
    });
    // The first registration waits for the threads that judge and hash, longer than a client may on a busy machine.
    await registerPerson(graph.gateway);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await proxy?.stop();
    await graph?.stop();
  });

  it('asks for a code, once, and repeats what waits', async () => {
    const page = await open();
    const secret = await call<string>(page, 'beginTotp');
    await call(page, 'confirmTotp', codeAt(secret, graph.gateway.clock.now()));
    graph.gateway.clock.advance(6 * minute);

    const documents = ['query A { payout }', 'query B { balance pin }', 'mutation Pay { pay }'];
    const answers = call(page, 'askMany', documents);
    await page.getByLabel('Code').fill(codeAt(secret, graph.gateway.clock.now()));
    await page.getByText('Send the code').click();
    expect(await answers).toMatchObject([{ payout: 3 }, { balance: 1, pin: 4 }, { pay: 5 }]);
    expect(await page.locator('form').count()).toBe(0);
    expect(paid()).toBe(1);
    expect(proxy.count('StepUp')).toBe(1);
  });

  it('asks for a passkey, and repeats what waits', async () => {
    const page = await open();
    await call(page, 'addPasskey');
    graph.gateway.clock.advance(6 * minute);
    const answer = call(page, 'ask', '{ payout pin }');
    await page.getByText('Show your passkey').click();
    expect(await answer).toMatchObject({ payout: 3, pin: 4 });
    const paying = call(page, 'ask', 'mutation { pay }');
    expect(await paying).toMatchObject({ pay: 5 });
  });

  it('gives the refusal to a page whose person shows nothing', async () => {
    const page = await open();
    graph.gateway.clock.advance(6 * minute);
    // No factor: this page asks for no password.
    const reason = await page.evaluate(
      `ask('{ payout }').catch((error) => (error.errors ?? error.graphQLErrors)[0].extensions.reason)`,
    );
    expect(reason).toBe('STEP_UP_REQUIRED');
  });

  function paid(): number {
    const { requests } = graph.subgraphs.money;
    return requests.filter(({ body }) => body.query.includes('pay') && /mutation/.test(body.query))
      .length;
  }

  async function open(): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await addVirtualDevice(page);
    await page.goto(`${proxy.origin}/${name}-step-up`);
    await call(page, 'register', freshEmail());
    return page;
  }
});

function call<Result>(page: Page, name: string, ...args: readonly unknown[]): Promise<Result> {
  return page.evaluate(`${name}(${args.map((each) => JSON.stringify(each)).join()})`);
}
