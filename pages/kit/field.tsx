import { useContext, useId } from 'preact/hooks';
import * as styles from './form.module.css';
import { FormContext } from './form-context.ts';
import { kitText } from './texts.ts';

export interface FieldProps {
  /** The name in the form, which password managers and the server's answers know it by. */
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'url' | 'search' | 'date';
  /** A token of HTML's `autocomplete`. */
  readonly autocomplete?: string;
  readonly hint?: string | undefined;
  /** Which keys a phone shows. */
  readonly inputMode?: 'numeric';
  readonly required?: boolean;
  readonly value?: string;
}

/** A line to type into, with its label, a hint, and what is wrong with it. */
export function Field({ name, label, type = 'text', hint, required = false, ...rest }: FieldProps) {
  const { problem, ids, describedBy } = useField(name, hint);
  return (
    <div class={styles.field}>
      <FieldLabel id={ids.input} label={label} required={required} />
      <input
        class={styles.input}
        id={ids.input}
        name={name}
        // The types of Preact know each kind of input alone.
        type={type as 'text'}
        required={required}
        defaultValue={rest.value}
        autoComplete={rest.autocomplete ?? 'off'}
        inputMode={rest.inputMode}
        autoCapitalize="none"
        spellcheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={describedBy}
      />
      <FieldNotes ids={ids} hint={hint} problem={problem} />
    </div>
  );
}

interface FieldIds {
  readonly input: string;
  readonly hint: string;
  readonly problem: string;
}

/** What a field has to know of its form. */
export function useField(name: string, hint: string | undefined) {
  const id = useId();
  const problem = useContext(FormContext).problems[name];
  const ids: FieldIds = { input: id, hint: `${id}-hint`, problem: `${id}-problem` };
  const described = [problem && ids.problem, hint && ids.hint].filter(Boolean);
  return { problem, ids, describedBy: described.length > 0 ? described.join(' ') : undefined };
}

export function FieldLabel(props: {
  readonly id: string;
  readonly label: string;
  readonly required: boolean;
}) {
  const { marksOptional } = useContext(FormContext);
  return (
    <label class={styles.label} for={props.id}>
      {props.label}
      {props.required || !marksOptional ? null : (
        <span class={styles.optional}> {kitText('field.optional')}</span>
      )}
    </label>
  );
}

export function FieldNotes(props: {
  readonly ids: FieldIds;
  readonly hint: string | undefined;
  readonly problem: string | undefined;
}) {
  return (
    <>
      {props.hint ? (
        <span class={styles.hint} id={props.ids.hint}>
          {props.hint}
        </span>
      ) : null}
      <span class={styles.problem} id={props.ids.problem}>
        {props.problem}
      </span>
    </>
  );
}
