import type { ShellSettings } from '../../src/http/pages/page-settings.ts';

/** What the server says in the page's shell. */
export const settings: ShellSettings = JSON.parse(
  document.getElementById('settings')?.textContent ?? '{}',
);

/** The address of a path of ours, wherever a proxy has put us. */
export function at(path: string): string {
  return `${settings.base}${path}`;
}
