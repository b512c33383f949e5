import { signal } from '@preact/signals';
import * as styles from './live-region.module.css';

const said = signal('');

/** Says a sentence to who listens to the page instead of looking at it. */
export function announce(sentence: string): void {
  // The same sentence twice would be said once.
  said.value = said.value === sentence ? `${sentence}\u00a0` : sentence;
}

/** Where it is said; a page has one. */
export function LiveRegion() {
  return (
    <div class={styles.unseen} role="status" aria-live="polite">
      {said.value}
    </div>
  );
}
