import type { Page } from 'playwright-core';

/** Chromium's own authenticator, in a page. */
export interface VirtualDevice {
  /** Whether whoever is asked shows a passkey; nobody does otherwise. */
  readonly isPresent: (isPresent: boolean) => Promise<unknown>;
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
  return {
    isPresent: (enabled) =>
      devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    isVerified: (isUserVerified) =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}
