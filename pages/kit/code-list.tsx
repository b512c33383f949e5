import * as styles from './code.module.css';

/** Codes that somebody keeps, each in a line that can be copied. */
export function CodeList({ codes }: { readonly codes: readonly string[] }) {
  return (
    <ul class={styles.codes}>
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ul>
  );
}
