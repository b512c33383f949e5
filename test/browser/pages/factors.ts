import { createSession, type GatehouseError } from 'graphql-gatehouse-client';
import {
  authenticators,
  beginStepUp,
  createSignIn,
  removeAuthenticator,
  stepUp,
} from 'graphql-gatehouse-client/factors';
import { signInAsGuest } from 'graphql-gatehouse-client/guests';
import {
  addPasskey,
  answerCeremony,
  autofillPasskey,
  hasPasskeys,
  signInWithPasskey,
} from 'graphql-gatehouse-client/passkeys';

const password = 'correct horse battery staple';
const session = createSession({ url: '/graphql' });
const signIn = createSignIn(session);
let form = new AbortController();
let autofill: Promise<unknown> | undefined;

let asked = 0;

const { credentials } = navigator;
const get = credentials.get.bind(credentials);
credentials.get = (options) => {
  asked += 1;
  return get(options);
};

const commands = {
  asked: () => asked,
  hasPasskeys,
  state: () => session.state,
  step: () => signIn.state.step,
  register: (email: string) => session.register({ email, password }),
  login: (identifier: string) => signIn.login({ identifier, password }),
  signInAsGuest: () => signInAsGuest(session),
  logout: () => session.logout(),
  token: () => session.accessToken(),
  addPasskey: (name: string) => addPasskey(session, { name }),
  authenticators: () => authenticators(session),
  remove: (id: string) => removeAuthenticator(session, id),
  signInWithPasskey: () => signInWithPasskey(session),
  signInAndThinkBetter() {
    const button = new AbortController();
    const asked = signInWithPasskey(session, button.signal);
    button.abort();
    return asked;
  },
  offer() {
    form = new AbortController();
    autofill = autofillPasskey(session, form.signal);
    autofill.catch(() => {});
  },
  offered: () => autofill,
  close() {
    form.abort();
    return autofill;
  },
  async complete() {
    const ceremony = await signIn.beginPasskey();
    return ceremony && signIn.complete({ passkey: await answerCeremony(ceremony) });
  },
  async stepUp() {
    const { passkey } = await beginStepUp(session);
    if (passkey) await stepUp(session, { passkey: await answerCeremony(passkey) });
  },
};

export type FactorCommands = typeof commands;

/** For the test: calls one. @returns its value, or the code of its error */
Object.assign(globalThis, {
  async command(name: keyof FactorCommands, ...args: readonly string[]): Promise<unknown> {
    try {
      const command = commands[name] as (...given: readonly string[]) => unknown;
      return (await command(...args)) ?? null;
    } catch (error) {
      const { code, reason } = error as GatehouseError;
      return reason ?? code ?? `${error}`;
    }
  },
});
