import { generate } from 'lean-qr/nano';
import * as styles from './code.module.css';

/** Fields of quiet around it, as readers need them (ISO 18004). */
const quiet = 4;

/** A picture that a phone reads. It is dark on white in every theme: readers want it so. */
export function QrCode({ content, label }: { readonly content: string; readonly label: string }) {
  const code = generate(content);
  const fields = Array.from({ length: code.size ** 2 }, (_, index) => ({
    x: index % code.size,
    y: Math.floor(index / code.size),
  }));
  const path = fields
    .filter(({ x, y }) => code.get(x, y))
    .map(({ x, y }) => `M${x} ${y}h1v1h-1z`)
    .join('');
  const size = code.size + 2 * quiet;
  return (
    <svg
      class={styles.picture}
      viewBox={`${-quiet} ${-quiet} ${size} ${size}`}
      role="img"
      aria-label={label}
    >
      <path d={path} />
    </svg>
  );
}
