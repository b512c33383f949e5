import type { ComponentChildren } from 'preact';
import * as styles from './button.module.css';

export interface ButtonProps {
  readonly kind?: 'primary' | 'quiet' | 'danger';
  /** As wide as what it stands in. */
  readonly wide?: boolean;
  /** At work: it says so, and can still be reached. */
  readonly busy?: boolean;
  readonly onClick?: () => void;
  readonly submit?: boolean;
  /** Where the visible words do not say enough for who hears them alone. */
  readonly label?: string;
  readonly children: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const { kind = 'primary', wide = false, busy = false, submit = false, label } = props;
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={classOf(kind, wide)}
      aria-busy={busy}
      aria-label={label}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

export interface ButtonLinkProps {
  readonly href: string;
  readonly kind?: 'primary' | 'quiet';
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function ButtonLink({ href, kind = 'primary', wide = false, children }: ButtonLinkProps) {
  return (
    <a href={href} class={classOf(kind, wide)}>
      {children}
    </a>
  );
}

/** A button that looks like a link. */
export function PlainButton({ onClick, children }: Pick<ButtonProps, 'onClick' | 'children'>) {
  return (
    <button type="button" class={styles.plain} onClick={onClick}>
      {children}
    </button>
  );
}

function classOf(kind: 'primary' | 'quiet' | 'danger', wide: boolean): string {
  const kinds = { primary: styles.primary, quiet: styles.quiet, danger: styles.danger };
  return `${styles.button} ${kinds[kind]} ${wide ? styles.wide : ''}`;
}
