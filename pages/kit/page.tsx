import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { LiveRegion } from './live-region.tsx';
import { locale } from './locale.ts';
import { Logo } from './logo.tsx';
import * as styles from './page.module.css';
import { at, settings } from './settings.ts';
import { kitText, speak } from './texts.ts';

export interface PageProps {
  /** In the title of the window. */
  readonly title: string;
  readonly width?: 'narrow' | 'usual' | 'wide';
  /** Where the name at the top leads to. */
  readonly home: string;
  /** Beside the name at the top. */
  readonly menu?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The frame of every page: the product's name, what it is about, and the language. */
export function Page({ title, width = 'usual', home, menu, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${settings.product}`;
  }, [title]);
  const widths = { narrow: styles.narrow, usual: '', wide: styles.wide };
  return (
    <div class={styles.page}>
      <a class={styles.skip} href="#main">
        {kitText('page.skip')}
      </a>
      <header class={styles.header}>
        <a class={styles.brand} href={at(home)}>
          <Logo />
          {settings.product}
        </a>
        {menu}
      </header>
      <main class={`${styles.main} ${widths[width]}`} id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class={styles.footer}>
        <LanguageChoice />
      </footer>
      <LiveRegion />
    </div>
  );
}

function LanguageChoice() {
  return (
    <label class={styles.language}>
      {kitText('page.language')}
      <select
        value={locale.value}
        onChange={({ currentTarget }) => void speak(currentTarget.value)}
      >
        {settings.locales.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {nameOf(tag)}
          </option>
        ))}
      </select>
    </label>
  );
}

function nameOf(tag: string): string {
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
}
