import type { GatehouseError } from 'graphql-gatehouse-client';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { loadFactorParts } from './factor-text.ts';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { Notice } from './notice.tsx';
import { PasswordField } from './password-field.tsx';
import { problemSentence } from './problem.ts';
import type { SecondStepProps } from './second-step.tsx';
import { session } from './session.ts';
import { kitText } from './texts.ts';

const hasPasskeys = 'PublicKeyCredential' in globalThis;
const passkeys = () => import('./passkeys.ts');

export interface SignInFormProps {
  /** What happens then, besides that the session has somebody. */
  readonly onSignedIn?: (() => void) | undefined;
  /** Other ways: below the first step, and gone with the second. */
  readonly children?: ComponentChildren;
}

/**
 * Signs in: by name and password, and what the account asks for besides; or by a passkey, which is
 * offered at the field, too.
 */
export function SignInForm({ onSignedIn, children }: SignInFormProps) {
  const [problem, setProblem] = useState<unknown>();
  const [second, setSecond] = useState<Omit<SecondStepProps, 'onDone' | 'onOver'>>();
  // A function as a state would be called.
  const Second = useRef<ComponentType<SecondStepProps> | undefined>(undefined);
  const finish = () => onSignedIn?.();
  const attempt = (work: Promise<unknown>) =>
    work.then((user) => user && finish()).catch(setProblem);
  useEffect(() => {
    if (!hasPasskeys || second) return;
    const form = new AbortController();
    void attempt(passkeys().then(({ autofillPasskey }) => autofillPasskey(session, form.signal)));
    return () => form.abort();
  }, [second]);

  if (second && Second.current) {
    return (
      <Second.current
        {...second}
        onDone={finish}
        onOver={(why) => {
          setSecond(undefined);
          setProblem(why);
        }}
      />
    );
  }
  return (
    <>
      {problem === undefined ? null : <Notice kind="problem">{problemSentence(problem)}</Notice>}
      <Form
        submit={kitText('signIn.submit')}
        beside={
          hasPasskeys ? (
            <Button
              kind="quiet"
              onClick={() =>
                void attempt(passkeys().then(({ signInWithPasskey }) => signInWithPasskey(session)))
              }
            >
              {kitText('signIn.passkey')}
            </Button>
          ) : undefined
        }
        onSubmit={async ({ identifier = '', password = '' }) => {
          setProblem(undefined);
          try {
            await session.login({ identifier, password });
          } catch (error) {
            const { reason, stepUp } = error as GatehouseError;
            if (reason !== 'SECOND_FACTOR_REQUIRED') throw error;
            Second.current = (await loadFactorParts()).SecondStep;
            setSecond({ methods: stepUp?.methods ?? [] });
            return;
          }
          finish();
        }}
      >
        <Field
          name="identifier"
          label={kitText('signIn.identifier')}
          autocomplete="username webauthn"
          required
        />
        <PasswordField
          name="password"
          label={kitText('signIn.password')}
          autocomplete="current-password"
        />
      </Form>
      {children}
    </>
  );
}
