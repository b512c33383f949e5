import type { ComponentChildren } from 'preact';
import * as styles from './card.module.css';

export interface CardProps {
  readonly title: string;
  /** Said below the title. */
  readonly lead?: ComponentChildren;
  /** The one title of a page is its first level; a page of several cards has another above them. */
  readonly level?: 1 | 2;
  readonly children?: ComponentChildren;
}

/** One thing that a page shows or asks for. */
export function Card({ title, lead, level = 1, children }: CardProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <section class={styles.card}>
      <div class={styles.head}>
        <Heading>{title}</Heading>
        {lead === undefined ? null : <p class={styles.lead}>{lead}</p>}
      </div>
      {children}
    </section>
  );
}

/** Buttons beside each other. */
export function Actions({ children }: { readonly children: ComponentChildren }) {
  return <div class={styles.actions}>{children}</div>;
}

/** Other ways on, below a form. */
export function Links({ children }: { readonly children: readonly ComponentChildren[] }) {
  return (
    <ul class={styles.links}>
      {children.map((child, index) => (child ? <li key={index}>{child}</li> : null))}
    </ul>
  );
}

/** The way back to what a page is a part of, above its cards. */
export function BackLink({
  href,
  children,
}: {
  readonly href: string;
  readonly children: ComponentChildren;
}) {
  return (
    <p>
      <a href={href}>{children}</a>
    </p>
  );
}
