import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import * as styles from './dialog.module.css';

export interface DialogProps {
  readonly title: string;
  /** Called when it is closed by Escape; without it, it can't be. */
  readonly onClose?: () => void;
  readonly children: ComponentChildren;
}

/**
 * Stands over the page for as long as it is rendered. The browser keeps the focus in it, and gives it
 * back to where it was.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={styles.dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <div class={styles.content}>
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
