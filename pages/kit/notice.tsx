import type { ComponentChildren, Ref } from 'preact';
import * as styles from './notice.module.css';

export interface NoticeProps {
  readonly kind?: 'plain' | 'good' | 'problem';
  /** For who wants to move the focus to it. */
  readonly at?: Ref<HTMLDivElement>;
  readonly children: ComponentChildren;
}

/** A sentence that stands out. A problem is said to who does not look at it at once. */
export function Notice({ kind = 'plain', at, children }: NoticeProps) {
  const kinds = { plain: '', good: styles.good, problem: styles.problem };
  return (
    <div
      class={`${styles.notice} ${kinds[kind]}`}
      role={kind === 'problem' ? 'alert' : 'status'}
      tabIndex={-1}
      {...(at && { ref: at })}
    >
      {children}
    </div>
  );
}
