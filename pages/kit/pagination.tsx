import { Button } from './button.tsx';
import * as styles from './pagination.module.css';
import { kitText } from './texts.ts';

export interface PaginationProps {
  readonly label: string;
  /** Absent where there is no such page. */
  readonly onPrevious?: (() => void) | undefined;
  readonly onNext?: (() => void) | undefined;
}

/** The pages of a list that is read by cursor: back, and on. */
export function Pagination({ label, onPrevious, onNext }: PaginationProps) {
  if (!onPrevious && !onNext) return null;
  return (
    <nav class={styles.pagination} aria-label={label}>
      {onPrevious ? (
        <Button kind="quiet" onClick={onPrevious}>
          {kitText('pagination.previous')}
        </Button>
      ) : (
        <span />
      )}
      {onNext ? (
        <Button kind="quiet" onClick={onNext}>
          {kitText('pagination.next')}
        </Button>
      ) : null}
    </nav>
  );
}
