import type { ComponentChildren } from 'preact';
import * as styles from './menu.module.css';
import { at } from './settings.ts';

export interface MenuProps {
  /** What it is called for who hears it. */
  readonly label: string;
  readonly entries: readonly { readonly path: string; readonly label: string }[];
  /** The path of the page that is shown, with its base. */
  readonly current: string;
  /** Behind the entries: a button that signs out. */
  readonly children?: ComponentChildren;
}

/** The pages of an application. */
export function Menu({ label, entries, current, children }: MenuProps) {
  return (
    <nav class={styles.menu} aria-label={label}>
      <ul>
        {entries.map((entry) => (
          <li key={entry.path}>
            <a href={at(entry.path)} aria-current={at(entry.path) === current ? 'page' : undefined}>
              {entry.label}
            </a>
          </li>
        ))}
        {children ? <li>{children}</li> : null}
      </ul>
    </nav>
  );
}
