import fc from 'fast-check';
import { BrowserModel, people } from '../../support/browser-model.ts';

const runs = Number(process.env.FUZZ_RUNS ?? 300);

const step = fc.record({
  kind: fc.constantFrom(
    ...(['pass', 'pass', 'operate', 'operate', 'operate', 'deliver', 'deliver'] as const),
    ...(['grant', 'serve', 'arrive', 'lose', 'proceed', 'proceed', 'proceed', 'logIn'] as const),
    ...(['stepUp', 'logOut', 'open', 'open', 'close', 'wake', 'restore', 'sync', 'sync'] as const),
  ),
  tab: fc.nat(7),
  size: fc.nat(9),
});

const steps = fc.array(step, { maxLength: 120, size: 'max' });

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function take(browser: BrowserModel, { kind, tab: place, size }: Step): void {
  const tabs = browser.openTabs();
  const tab = tabs[place % tabs.length];
  if (!tab) throw new Error('no tab is open');
  const kinds: Readonly<Record<Step['kind'], () => void>> = {
    pass: () => browser.pass([1, 50, 700, 5_000, 40_000, 52_000, 61_000, 3, 9, 20][size] ?? 1),
    operate: () => browser.operate(tab),
    deliver: () => browser.deliver(tab),
    grant: () => browser.grant(),
    serve: () => browser.serve(size % 2),
    arrive: () => browser.arrive(size, false),
    proceed: () => browser.proceed(),
    lose: () => browser.arrive(size, true),
    logIn: () => browser.logIn(tab, people[size % 2] ?? people[0]),
    stepUp: () => browser.stepUp(tab),
    logOut: () => browser.logOut(tab),
    open: () => browser.open(),
    close: () => browser.close(tab),
    wake: () => browser.wake(tab, false),
    sync: () => browser.sync(tab),
    restore: () => browser.wake(tab, true),
  };
  kinds[kind]();
}

describe.each([
  ['tabs that hear each other', true],
  ['tabs that do not', false],
])('%s, their users, and a network, in any order', (_, hasChannel) => {
  it('send nothing under another person’s token, and refresh no more than they need', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const browser = new BrowserModel(hasChannel);
        for (const one of taken) take(browser, one);
        expect(browser.complaints).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('all know in the end who is signed in, and nobody is signed out who need not be', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const browser = new BrowserModel(hasChannel);
        for (const one of taken) take(browser, one);
        browser.calmDown();
        expect(browser.complaints).toEqual([]);
        const users = browser.openTabs().map(({ model }) => model.state.user?.id);
        expect(users).toEqual(users.map(() => browser.holder()));
        expect(browser.waiting()).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('sign out for good, whatever they have read of what the others noted', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const browser = new BrowserModel(hasChannel, true);
        for (const one of taken) take(browser, one);
        browser.calmDown();
        expect(browser.isSignOutLost()).toBe(false);
        expect(browser.waiting()).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});
