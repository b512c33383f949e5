import { FieldLabel, FieldNotes, useField } from './field.tsx';
import * as styles from './form.module.css';

export interface SelectFieldProps {
  readonly name: string;
  readonly label: string;
  /** By value, in their order. */
  readonly options: readonly (readonly [string, string])[];
  readonly value?: string | undefined;
}

/** One of a few. */
export function SelectField({ name, label, options, value = '' }: SelectFieldProps) {
  const { problem, ids, describedBy } = useField(name, undefined);
  return (
    <div class={styles.field}>
      <FieldLabel id={ids.input} label={label} required />
      <select
        class={styles.input}
        id={ids.input}
        name={name}
        aria-invalid={problem !== undefined}
        aria-describedby={describedBy}
      >
        {options.map(([key, words]) => (
          <option key={key} value={key} selected={key === value}>
            {words}
          </option>
        ))}
      </select>
      <FieldNotes ids={ids} hint={undefined} problem={problem} />
    </div>
  );
}
