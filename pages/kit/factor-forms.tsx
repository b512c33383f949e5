import type { PasskeyAnswer, PasskeyCeremony } from 'graphql-gatehouse-client/factors';
import { answerCeremony, hasPasskeys } from 'graphql-gatehouse-client/passkeys';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { factorText } from './factor-text.ts';
import { Field, type FieldProps } from './field.tsx';
import { Form } from './form.tsx';
import { Notice } from './notice.tsx';
import { problemSentence } from './problem.ts';
import { kitText } from './texts.ts';

export interface CodeFormProps {
  readonly kind: 'totpCode' | 'recoveryCode';
  readonly onCode: (code: string) => Promise<void>;
}

/** Asks for a code of the app, or one of those for a lost device. Apps show it with spaces. */
export function CodeForm({ kind, onCode }: CodeFormProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector('input')?.focus(), [kind]);
  return (
    <div ref={place}>
      <Form
        key={kind}
        submit={factorText('factor.submit')}
        onSubmit={(values) => onCode((values[kind] ?? '').replace(/\s/g, ''))}
      >
        {kind === 'totpCode' ? (
          <TotpField name={kind} label={factorText('factor.code')} />
        ) : (
          <Field
            name={kind}
            label={factorText('factor.recoveryCode')}
            hint={factorText('factor.recoveryHint')}
            required
          />
        )}
      </Form>
    </div>
  );
}

export function TotpField(props: Pick<FieldProps, 'name' | 'label' | 'hint'>) {
  return <Field {...props} autocomplete="one-time-code" inputMode="numeric" required />;
}

export interface PasskeyButtonProps {
  /** Null where there is none any more. */
  readonly begin: () => Promise<PasskeyCeremony | null>;
  readonly onAnswer: (passkey: PasskeyAnswer) => Promise<void>;
}

/** Asks a device. What it, or the server, refuses is said above the button. */
export function PasskeyButton({ begin, onAnswer }: PasskeyButtonProps) {
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  if (!hasPasskeys()) return null;
  const use = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const ceremony = await begin();
      if (ceremony) await onAnswer(await answerCeremony(ceremony));
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  return (
    <>
      {problem === undefined ? null : <Notice kind="problem">{problemSentence(problem)}</Notice>}
      <Button wide busy={busy} onClick={() => void use()}>
        {kitText('signIn.passkey')}
      </Button>
    </>
  );
}
