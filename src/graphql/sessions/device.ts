import bowser from 'bowser';

export interface Device {
  /** Such as `Firefox`; null when the user agent does not say. */
  readonly browser: string | null;
  /** Such as `macOS`. */
  readonly system: string | null;
}

/** What a User-Agent header says of a device. It is what the client claims, for people to read. */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return { browser: null, system: null };
  const parsed = bowser.parse(userAgent);
  return { browser: parsed.browser.name || null, system: parsed.os.name || null };
}

const browsers = new Set<string>(Object.values(bowser.BROWSER_MAP));

/**
 * The same, but for what stands in no list.
 *
 * Attack: a request for a mail to somebody, whose user agent is an advertisement: a name that nobody
 * knows would be read out of it, and we would send it.
 */
export function knownDeviceOf(userAgent: string): Device {
  const { browser, system } = deviceOf(userAgent);
  return { browser: browser !== null && browsers.has(browser) ? browser : null, system };
}

/** The same in one line, such as `Firefox on macOS`. */
export function describeDevice(userAgent: string | null): string {
  const { browser, system } = deviceOf(userAgent);
  return [browser ?? 'An unknown client', ...(system ? [system] : [])].join(' on ');
}
