import { createSession, type Session } from 'graphql-gatehouse-client';
import {
  beginStepUp,
  beginTotpSetup,
  confirmTotpSetup,
  createStepUpGate,
  type StepUpGate,
  stepUp,
} from 'graphql-gatehouse-client/factors';
import { addPasskey, answerCeremony } from 'graphql-gatehouse-client/passkeys';

/** Sends an operation by the client of the page. @returns its data, or its errors */
export type Ask = (document: string) => Promise<unknown>;

/** A page whose person is asked for a factor in a form, where an operation lacks one. */
export function openStepUpPage(connect: (session: Session, gate: StepUpGate) => Ask): void {
  const session = createSession({ url: '/graphql' });
  const gate = createStepUpGate(async () => {
    const { methods, passkey } = await beginStepUp(session);
    if (passkey) {
      await pressed('Show your passkey');
      return stepUp(session, { passkey: await answerCeremony(passkey) });
    }
    if (!methods.includes('TOTP')) throw new Error('no factor');
    const totpCode = await pressed('Send the code');
    return stepUp(session, { totpCode });
  });
  const ask = connect(session, gate);

  Object.assign(globalThis, {
    ask,
    askMany: (documents: readonly string[]) => Promise.all(documents.map(ask)),
    register: (email: string) =>
      session.register({ email, password: 'correct horse battery staple' }),
    beginTotp: async () => (await beginTotpSetup(session)).secret,
    confirmTotp: (code: string) => confirmTotpSetup(session, code),
    addPasskey: () => addPasskey(session),
  });
}

/** Shows a form with a button. @returns what was typed when it is pressed */
function pressed(label: string): Promise<string> {
  const form = document.createElement('form');
  const field = form.appendChild(document.createElement('input'));
  field.setAttribute('aria-label', 'Code');
  form.appendChild(document.createElement('button')).textContent = label;
  document.body.appendChild(form);
  return new Promise((resolve) => {
    form.onsubmit = (event) => {
      event.preventDefault();
      form.remove();
      resolve(field.value);
    };
  });
}
