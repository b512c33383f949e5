import {
  beginStepUp,
  type Proof,
  type StepUpOptions,
  stepUp,
} from 'graphql-gatehouse-client/factors';
import { AccountName } from './account-name.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { CodeForm, PasskeyButton } from './factor-forms.tsx';
import { factorText } from './factor-text.ts';
import { Form } from './form.tsx';
import { Loading } from './loading.tsx';
import { Notice } from './notice.tsx';
import { PasswordField } from './password-field.tsx';
import { session } from './session.ts';
import type { AskedStepUp } from './stepped-up.ts';
import { kitText } from './texts.ts';
import { useLoaded } from './use-loaded.ts';

/** Asks somebody who is signed in to show once more who they are, by whatever they have. */
export function StepUp({ demand, onDone, onCancel }: AskedStepUp) {
  const options = useLoaded(() => beginStepUp(session));
  const show = async (proof: Proof) => {
    await stepUp(session, proof);
    onDone();
  };
  return (
    <Dialog title={factorText('stepUp.title')} onClose={onCancel}>
      <p>{factorText('stepUp.lead')}</p>
      <Loading of={options}>
        {(found) => <Ways options={found} acr={demand?.acr} onProof={show} />}
      </Loading>
      <Button kind="quiet" onClick={onCancel}>
        {kitText('cancel')}
      </Button>
    </Dialog>
  );
}

interface WaysProps {
  readonly options: StepUpOptions;
  readonly acr: string | undefined;
  readonly onProof: (proof: Proof) => Promise<void>;
}

/** Only what is enough is asked for: a code does not show what can't be phished. */
function Ways({ options, acr, onProof }: WaysProps) {
  const methods = options.methods.filter((method) => acr !== 'phr' || method === 'PASSKEY');
  const isPasskey = methods.includes('PASSKEY');
  // A ceremony works once: after a failure there has to be another.
  const begin = async () => (await beginStepUp(session)).passkey;
  if (methods.length === 0) return <Notice>{factorText('factor.none')}</Notice>;
  return (
    <>
      {isPasskey ? (
        <PasskeyButton begin={begin} onAnswer={(passkey) => onProof({ passkey })} />
      ) : null}
      {methods.includes('TOTP') ? (
        <CodeForm kind="totpCode" onCode={(totpCode) => onProof({ totpCode })} />
      ) : null}
      {methods.includes('PASSWORD') ? (
        <Form
          submit={factorText('factor.submit')}
          onSubmit={({ password = '' }) => onProof({ password })}
        >
          <AccountName />
          <PasswordField
            name="password"
            label={kitText('signIn.password')}
            autocomplete="current-password"
          />
        </Form>
      ) : null}
    </>
  );
}
