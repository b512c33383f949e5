import { useState } from 'preact/hooks';
import { FieldLabel, FieldNotes, type FieldProps, useField } from './field.tsx';
import * as styles from './form.module.css';
import { kitText } from './texts.ts';

export interface PasswordFieldProps extends Pick<FieldProps, 'name' | 'label' | 'hint'> {
  /** Whether one is asked for or chosen: password managers fill in the one and make the other. */
  readonly autocomplete: 'current-password' | 'new-password';
}

/** A password, which can be shown to who types it (ASVS 5.0 6.2.6). */
export function PasswordField({ name, label, hint, autocomplete }: PasswordFieldProps) {
  const { problem, ids, describedBy } = useField(name, hint);
  const [isShown, show] = useState(false);
  return (
    <div class={styles.field}>
      <FieldLabel id={ids.input} label={label} required />
      <div class={styles.secret}>
        <input
          class={styles.input}
          id={ids.input}
          name={name}
          type={(isShown ? 'text' : 'password') as 'password'}
          required
          autoComplete={autocomplete}
          autoCapitalize="none"
          autoCorrect="off"
          spellcheck={false}
          aria-invalid={problem !== undefined}
          aria-describedby={describedBy}
        />
        <button
          type="button"
          class={styles.reveal}
          aria-pressed={isShown}
          aria-controls={ids.input}
          onClick={() => show(!isShown)}
        >
          {kitText(isShown ? 'password.hide' : 'password.show')}
        </button>
      </div>
      <FieldNotes ids={ids} hint={hint} problem={problem} />
    </div>
  );
}
