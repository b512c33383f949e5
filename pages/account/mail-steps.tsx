import type { GatehouseError, SessionUser } from 'graphql-gatehouse-client';
import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import { loadFactorParts } from '../kit/factor-text.ts';
import { Field } from '../kit/field.tsx';
import { Form } from '../kit/form.tsx';
import type { SecondStepProps } from '../kit/second-step.tsx';
import { kitText } from '../kit/texts.ts';
import { text } from './text.ts';

interface Second extends Pick<SecondStepProps, 'methods'> {
  readonly Step: ComponentType<SecondStepProps>;
}

/** A first step that may ask for a second one, and what is shown of that. */
export function useFirstStep(onDone: () => void, onOver: () => void) {
  const [second, setSecond] = useState<Second>();
  const attempt = async (first: Promise<SessionUser>): Promise<void> => {
    try {
      await first;
    } catch (error) {
      const { reason, stepUp } = error as GatehouseError;
      if (reason !== 'SECOND_FACTOR_REQUIRED') throw error;
      const { SecondStep: Step } = await loadFactorParts();
      setSecond({ Step, methods: stepUp?.methods ?? [] });
      return;
    }
    onDone();
  };
  const step = second && (
    <second.Step
      methods={second.methods}
      onDone={onDone}
      onOver={() => {
        setSecond(undefined);
        onOver();
      }}
    />
  );
  return { attempt, step };
}

/** Asks for the code of a mail. It is typed, never filled in by a page: that a person has read it counts. */
export function MailCodeForm({ onCode }: { readonly onCode: (code: string) => Promise<void> }) {
  return (
    <Form
      submit={kitText('signIn.submit')}
      onSubmit={({ emailCode = '' }) => onCode(emailCode.replace(/\s/g, ''))}
    >
      <Field
        name="emailCode"
        label={text('mail.code')}
        autocomplete="one-time-code"
        inputMode="numeric"
        required
      />
    </Form>
  );
}
