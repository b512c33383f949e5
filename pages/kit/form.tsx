import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, type ButtonProps } from './button.tsx';
import * as styles from './form.module.css';
import { FormContext } from './form-context.ts';
import { Notice } from './notice.tsx';
import { fieldProblems, problemSentence } from './problem.ts';
import { loadProblemTexts } from './problem-texts.ts';
import { kitText } from './texts.ts';

export interface FormProps {
  /** Gets what was typed, by the name of the field. What it throws is shown, at its field if it has one. */
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** The words on its one button. */
  readonly submit: string;
  readonly kind?: ButtonProps['kind'];
  /** Beside each other where there is room, as in a form that looks for something. */
  readonly layout?: 'column' | 'row';
  /** Beside the button. */
  readonly beside?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/**
 * A form with one button. Nothing is switched off to keep it from being sent, what is refused keeps
 * what was typed, and the focus goes to the first field that has to be mended.
 */
export function Form(props: FormProps) {
  const { onSubmit, submit, kind = 'primary', layout = 'column', beside, children } = props;
  const form = useRef<HTMLFormElement>(null);
  const notice = useRef<HTMLDivElement>(null);
  const isSending = useRef(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>(none);

  useEffect(() => {
    if (refusal === none) return;
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    (first ?? notice.current)?.focus();
  }, [refusal]);

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!form.current || isSending.current) return;
    const missing = missingIn(form.current);
    if (Object.keys(missing).length > 0) {
      setRefusal({ problems: missing, sentence: undefined });
      return;
    }
    isSending.current = true;
    setBusy(true);
    setRefusal(none);
    try {
      await onSubmit(valuesOf(form.current));
    } catch (error) {
      await loadProblemTexts();
      const problems = form.current ? fieldProblems(error, namesIn(form.current)) : {};
      const isAtField = Object.keys(problems).length > 0;
      setRefusal({ problems, sentence: isAtField ? undefined : problemSentence(error) });
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };

  return (
    <FormContext.Provider
      value={{ problems: refusal.problems, marksOptional: layout === 'column' }}
    >
      <form
        ref={form}
        class={layout === 'row' ? styles.row : styles.form}
        method="post"
        noValidate
        onSubmit={send}
      >
        {refusal.sentence === undefined ? null : (
          <Notice kind="problem" at={notice}>
            {refusal.sentence}
          </Notice>
        )}
        {children}
        <Button submit wide={!beside && layout === 'column'} kind={kind} busy={busy}>
          {submit}
        </Button>
        {beside}
      </form>
    </FormContext.Provider>
  );
}

interface Refusal {
  readonly problems: Readonly<Record<string, string>>;
  readonly sentence: string | undefined;
}

const none: Refusal = { problems: {}, sentence: undefined };

function inputsIn(form: HTMLFormElement): readonly HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>('input, select, textarea')];
}

function namesIn(form: HTMLFormElement): readonly string[] {
  return inputsIn(form).map(({ name }) => name);
}

function valuesOf(form: HTMLFormElement): Readonly<Record<string, string>> {
  return Object.fromEntries(inputsIn(form).map(({ name, value }) => [name, value]));
}

function missingIn(form: HTMLFormElement): Readonly<Record<string, string>> {
  return Object.fromEntries(
    inputsIn(form)
      .filter(({ required, value }) => required && value === '')
      .map(({ name }) => [name, kitText('rule.REQUIRED')]),
  );
}
