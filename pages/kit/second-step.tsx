import type { GatehouseError } from 'graphql-gatehouse-client';
import { createSignIn, type SecondFactor } from 'graphql-gatehouse-client/factors';
import { useState } from 'preact/hooks';
import { PlainButton } from './button.tsx';
import { CodeForm, PasskeyButton } from './factor-forms.tsx';
import { factorText } from './factor-text.ts';
import { Notice } from './notice.tsx';
import { session } from './session.ts';

export interface SecondStepProps {
  /** What the person can show; the best first. */
  readonly methods: readonly string[];
  readonly onDone: () => void;
  /** Where the password has to be given again; with what says why. */
  readonly onOver: (why?: unknown) => void;
}

/** What was begun is no more, or its cookie is gone. */
const over = /^(CEREMONY_EXPIRED|CEREMONY_INVALID|TOKEN_MISSING)$/;

/** The second step of a sign-in: what the password began is in a cookie that no script reads. */
export function SecondStep({ methods, onDone, onOver }: SecondStepProps) {
  const [signIn] = useState(() => createSignIn(session));
  const [isLost, setLost] = useState(false);
  const guarded = async <Result,>(work: Promise<Result>): Promise<Result | null> => {
    try {
      return await work;
    } catch (error) {
      if (!over.test(`${(error as GatehouseError).reason}`)) throw error;
      onOver(error);
      return null;
    }
  };
  const complete = async (factor: SecondFactor) => {
    if (await guarded(signIn.complete(factor))) onDone();
  };
  const hasCodes = methods.includes('TOTP');
  return (
    <>
      <Notice>{factorText('factor.lead')}</Notice>
      {methods.includes('PASSKEY') && !isLost ? (
        <PasskeyButton
          begin={() => guarded(signIn.beginPasskey())}
          onAnswer={(passkey) => complete({ passkey })}
        />
      ) : null}
      {hasCodes && !isLost ? (
        <CodeForm kind="totpCode" onCode={(totpCode) => complete({ totpCode })} />
      ) : null}
      {isLost ? (
        <CodeForm kind="recoveryCode" onCode={(recoveryCode) => complete({ recoveryCode })} />
      ) : null}
      {methods.includes('RECOVERY_CODE') && !isLost ? (
        <p>
          <PlainButton onClick={() => setLost(true)}>{factorText('factor.lost')}</PlainButton>
        </p>
      ) : null}
      <p>
        <PlainButton onClick={() => onOver()}>{factorText('factor.back')}</PlainButton>
      </p>
    </>
  );
}
