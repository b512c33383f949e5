import { ImpersonateDocument } from '../generated/administration/graphql.ts';
import {
  BeginStepUpDocument,
  ChangePasswordDocument,
  DeleteAccountDocument,
  LoginDocument,
  RefreshDocument,
  StepUpDocument,
} from '../generated/graphql.ts';
import { claimsOf } from '../support/access-claims.ts';
import { registerAdministrator } from '../support/administrators.ts';
import { addTotp, enrol, signInWithCode, signUp, step } from '../support/enrolled-person.ts';
import { codeAt, wrongCode } from '../support/one-time-codes.ts';
import { goodPassword } from '../support/people.ts';
import { createTestClient, dataOf, refusalOf } from '../support/test-client.ts';
import { federation, startTestGraph, type TestGraph } from '../support/test-graph.ts';

const sources = {
  money: {
    sdl: `${federation}
      type Query {
        balance: Int @authenticated
        salary: Int @policy(policies: [["gatehouse:aal2"]])
        payout: Int @policy(policies: [["gatehouse:fresh(5m)"]])
      }`,
    resolvers: { Query: { balance: () => 1, salary: () => 2, payout: () => 3 } },
    settings: { claims: ['acr', 'amr', 'auth_time'] },
  },
  keys: {
    sdl: `${federation}
      type Query {
        pin: Int @policy(policies: [["gatehouse:aal2", "gatehouse:fresh(5m)"]])
        shownAs: String
      }`,
    resolvers: {
      Query: {
        pin: () => 4,
        shownAs: (_: unknown, __: object, { identity }: { identity: object }) =>
          JSON.stringify(identity),
      },
    },
    settings: { claims: ['acr', 'amr', 'auth_time'] },
  },
} as const;

let graph: TestGraph<'money' | 'keys'>;
beforeAll(async () => {
  graph = await startTestGraph(sources);
});
afterEach(() => graph.gateway.query('DELETE FROM throttles'));
afterAll(() => graph.stop());

const stranger = () => createTestClient(graph.gateway.origin);
const ask = (query: string, accessToken?: string) =>
  stranger().send<Record<string, unknown>, object>(query, {}, accessToken ? { accessToken } : {});

describe('a field that asks for something fresh', () => {
  it('a20 is answered at 300 seconds, and refused at 301, until the person shows it again', async () => {
    const person = await signUp(graph.gateway);
    graph.gateway.clock.advance(300_000);
    expect(dataOf(await ask('{ payout }', person.accessToken))).toEqual({ payout: 3 });
    graph.gateway.clock.advance(1_000);
    const refused = await ask('{ balance payout }', person.accessToken);
    expect(refused.status).toBe(200);
    expect(refused.data).toEqual({ balance: 1, payout: null });
    expect(refusalOf(refused)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
    expect(refused.errors[0]?.path).toEqual(['payout']);
    expect(refused.errors[0]?.extensions.stepUp).toEqual({ acr: 'aal1', maxAge: 300 });

    const input = { password: goodPassword };
    const stepped = dataOf(await stranger().send(StepUpDocument, { input }, person)).stepUp;
    expect(dataOf(await ask('{ payout }', stepped.accessToken))).toEqual({ payout: 3 });
  });

  it('tells a stranger to log in', async () => {
    expect(refusalOf(await ask('{ payout }'))).toBe('UNAUTHORIZED_FIELD_OR_TYPE/TOKEN_MISSING');
  });
});

describe('a field that asks for two factors', () => {
  it('is refused to a password, and answered to a code', async () => {
    const person = await enrol(graph.gateway);
    const refused = await ask('{ salary }', person.accessToken);
    expect(refused.errors[0]?.extensions.stepUp).toEqual({ acr: 'aal2' });
    const { accessToken } = await signInWithCode(graph.gateway, person);
    expect(dataOf(await ask('{ salary pin }', accessToken))).toEqual({ salary: 2, pin: 4 });
    const { shownAs } = dataOf(await ask('{ shownAs }', accessToken));
    expect(JSON.parse(String(shownAs))).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
  });

  it('a23 is refused to who acts in somebody’s place, who can not step up', async () => {
    const admin = await registerAdministrator(graph.gateway);
    const person = await signUp(graph.gateway);
    const input = { userId: person.id, reason: 'a test' };
    const { accessToken } = dataOf(await admin.ask(ImpersonateDocument, { input })).impersonate;
    const refused = await ask('{ payout }', accessToken);
    expect(refusalOf(refused)).toBe('UNAUTHORIZED_FIELD_OR_TYPE/POLICY_DENIED');
    const given = { input: { password: goodPassword } };
    const stepUp = await stranger().send(StepUpDocument, given, { accessToken });
    expect(refusalOf(stepUp)).toBe('FORBIDDEN/POLICY_DENIED');
  });
});

describe('a step-up', () => {
  it('a19 stands in the session: every tab has it after its next refresh, and no refresh changes it', async () => {
    const person = await enrol(graph.gateway);
    const { client } = person;
    graph.gateway.clock.advance(step);
    const at = Math.floor(graph.gateway.clock.now().getTime() / 1_000);
    const totpCode = codeAt(person.secret, graph.gateway.clock.now());
    dataOf(await client.send(StepUpDocument, { input: { totpCode } }, person));
    for (let round = 0; round < 3; round += 1) {
      graph.gateway.clock.advance(60_000);
      const { refreshToken } = dataOf(await client.send(RefreshDocument, {}));
      expect(claimsOf(refreshToken.accessToken)).toMatchObject({
        auth_time: at,
        acr: 'aal2',
        amr: ['pwd', 'otp', 'mfa'],
      });
    }
  });

  it('says what can be shown', async () => {
    const person = await signUp(graph.gateway);
    const methods = async () =>
      dataOf(await person.client.send(BeginStepUpDocument, {}, person)).beginStepUp.methods;
    expect(await methods()).toEqual(['PASSWORD']);
    await addTotp(graph.gateway, person);
    expect(await methods()).toEqual(['TOTP']);
  });

  it('is not made with the password of an account that has a second factor', async () => {
    const person = await enrol(graph.gateway);
    const input = { password: goodPassword };
    const answer = await person.client.send(StepUpDocument, { input }, person);
    expect(refusalOf(answer)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
    expect(answer.errors[0]?.extensions.stepUp).toEqual({ acr: 'aal2', methods: ['TOTP'] });
  });

  it('counts what is wrong with the log-ins of the account', async () => {
    const person = await enrol(graph.gateway);
    const totpCode = wrongCode(person.secret, graph.gateway.clock.now());
    for (let round = 0; round < 6; round += 1) {
      const answer = await stranger().send(StepUpDocument, { input: { totpCode } }, person);
      expect(refusalOf(answer)).toBe('UNAUTHENTICATED/CODE_INVALID');
    }
    const login = { identifier: person.email, password: goodPassword };
    expect(refusalOf(await stranger().send(LoginDocument, { input: login }))).toBe('RATE_LIMITED');
  });

  it('takes one way, and no more', async () => {
    const person = await signUp(graph.gateway);
    for (const input of [{}, { password: 'x', totpCode: '1' }]) {
      const answer = await person.client.send(StepUpDocument, { input }, person);
      expect(refusalOf(answer)).toBe('BAD_USER_INPUT');
    }
  });
});

describe('our own fields', () => {
  it('take something fresh in the place of the password', async () => {
    const person = await signUp(graph.gateway);
    const input = { newPassword: 'zebra quilts of ivory 9' };
    dataOf(await person.client.send(ChangePasswordDocument, { input }, person));
    graph.gateway.clock.advance(301_000);
    const late = await person.client.send(DeleteAccountDocument, { input: {} }, person);
    expect(late.status).toBe(401);
    expect(refusalOf(late)).toBe('UNAUTHENTICATED/STEP_UP_REQUIRED');
    // a21, as RFC 9470 section 3 has it.
    expect(late.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", max_age=300',
    );
  });

  it('a21 say in HTTP what has to be shown', async () => {
    const person = await enrol(graph.gateway);
    const late = await person.client.send(
      ChangePasswordDocument,
      { input: { newPassword: 'x' } },
      person,
    );
    expect(late.status).toBe(401);
    expect(late.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", acr_values="aal2", max_age=300',
    );
  });
});
