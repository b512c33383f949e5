import { kitText } from './texts.ts';
import * as styles from './waiting.module.css';

/** Stands where something is being fetched. */
export function Waiting() {
  return (
    <p class={styles.waiting} role="status">
      {kitText('waiting')}
    </p>
  );
}
