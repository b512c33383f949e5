import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import { kitText } from '../kit/texts.ts';
import { text } from './text.ts';

/** Something that is done to an account, for a reason. */
export interface Change {
  readonly title: string;
  /** What comes of it. */
  readonly lead: string;
  readonly isDangerous?: boolean;
  /** What has to be said besides the reason. */
  readonly fields?: ComponentChildren;
  /** @returns the sentence that tells what was done */
  readonly run: (values: Readonly<Record<string, string>>) => Promise<string>;
}

export interface ChangeDialogProps {
  readonly change: Change;
  readonly onDone: (sentence: string) => void;
  readonly onClose: () => void;
}

/** One case is worked on with several changes, mostly: the next dialog has its reason already. */
const lastReason = signal('');

/** It is the business of who gave it. */
export function forgetReason(): void {
  lastReason.value = '';
}

/** The one dialog through which everything is changed. It asks for the reason, which the trail keeps. */
export function ChangeDialog({ change, onDone, onClose }: ChangeDialogProps) {
  const { title, lead, isDangerous = false, fields, run } = change;
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{lead}</p>
      <Form
        kind={isDangerous ? 'danger' : 'primary'}
        submit={title}
        beside={
          <Button kind="quiet" onClick={onClose}>
            {kitText('cancel')}
          </Button>
        }
        onSubmit={async (values) => {
          const sentence = await run(values);
          lastReason.value = values.reason ?? '';
          onDone(sentence);
        }}
      >
        {fields}
        <Field
          name="reason"
          label={text('change.reason')}
          hint={text('change.reasonHint')}
          value={lastReason.value}
          required
        />
      </Form>
    </Dialog>
  );
}
