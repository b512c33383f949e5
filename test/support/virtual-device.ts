import type { Page } from 'playwright-core';

/** Chromium's own authenticator, in a page. */
export interface VirtualDevice {
  /** Whether whoever is asked shows a passkey; nobody does otherwise. */
  readonly isPresent: (isPresent: boolean) => Promise<unknown>;
  /**
   * Loads its page anew, and is present there. The page is left first: a device that is present while a
   * page that asks for it is about to go answers that one.
   */
  readonly reloadPresent: () => Promise<void>;
  /** Whether their finger fits. */
  readonly isVerified: (isVerified: boolean) => Promise<unknown>;
}

export async function addVirtualDevice(page: Page): Promise<VirtualDevice> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const isPresent = (enabled: boolean) =>
    devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  return {
    isPresent,
    async reloadPresent() {
      const url = page.url();
      await page.goto('about:blank');
      await isPresent(true);
      await page.goto(url);
    },
    isVerified: (isUserVerified) =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}
