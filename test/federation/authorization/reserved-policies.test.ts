import { buildSchema } from 'graphql';
import type { Proof } from '../../../src/core/assurance.ts';
import { readAccessRules } from '../../../src/federation/authorization/access-rules.ts';
import {
  stepUpFor,
  withReservedPolicies,
} from '../../../src/federation/authorization/reserved-policies.ts';
import { composeSupergraph } from '../../../src/federation/compose-supergraph.ts';
import { CompositionFailed } from '../../../src/federation/errors.ts';
import type { Caller } from '../../../src/federation/identity/mint-identity.ts';

const now = 1_900_000_000;
const person = (proof: Proof, age = 0, actorId?: string): Caller => ({
  kind: 'user',
  userId: 'ada',
  sessionId: 's',
  scopes: [],
  roles: [],
  ...proof,
  authTime: now - age,
  ...(actorId === undefined ? {} : { actorId }),
});
const password: Proof = { acr: 'aal1', amr: ['pwd'] };
const code: Proof = { acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] };
const passkey: Proof = { acr: 'phr', amr: ['hwk', 'mfa'] };

const asked: string[] = [];
const evaluate = withReservedPolicies(
  async (names) => {
    asked.push(...names);
    return new Set(names.filter((name) => name === 'yes'));
  },
  () => new Date(now * 1_000),
);
const allowed = async (names: readonly string[], caller: Caller) => [
  ...(await evaluate(names, { caller, requestId: 'r' })),
];

describe('a reserved policy', () => {
  it.each([
    ['gatehouse:aal2', password, false],
    ['gatehouse:aal2', code, true],
    ['gatehouse:aal2', passkey, true],
    ['gatehouse:phr', code, false],
    ['gatehouse:phr', passkey, true],
    ['gatehouse:fresh(5m)', password, true],
    ['gatehouse:nonsense', passkey, false],
    ['gatehouse:fresh(soon)', passkey, false],
  ])('%s: %j may: %s', async (name, proof, may) => {
    expect(await allowed([name], person(proof))).toEqual(may ? [name] : []);
  });

  it('a20 passes at 300 seconds and fails at 301', async () => {
    const name = 'gatehouse:fresh(5m)';
    expect(await allowed([name], person(password, 300))).toEqual([name]);
    expect(await allowed([name], person(password, 301))).toEqual([]);
  });

  it('says no to a stranger, and a23 to whoever acts in somebody’s place', async () => {
    const names = ['gatehouse:aal2', 'gatehouse:fresh(5m)'];
    expect(await allowed(names, { kind: 'anonymous' })).toEqual([]);
    expect(await allowed(names, person(passkey, 0, 'admin'))).toEqual([]);
  });

  it('is asked of nobody else', async () => {
    asked.length = 0;
    expect(await allowed(['yes', 'gatehouse:aal2', 'no'], person(code))).toEqual([
      'yes',
      'gatehouse:aal2',
    ]);
    expect(asked).toEqual(['yes', 'no']);
  });

  it('that is none keeps a graph from starting', () => {
    const { supergraphSdl, publicSdl } = composeSupergraph([
      {
        name: 'a',
        url: 'http://a',
        sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@policy"])
          type Query { secret: String @policy(policies: [["gatehouse:fresh(5 minutes)"]]) }`,
      },
    ]);
    expect(() => readAccessRules(supergraphSdl, buildSchema(publicSdl))).toThrow(CompositionFailed);
  });
});

describe('what has to be shown', () => {
  const met = (...names: string[]) => ({
    isAuthenticated: true,
    scopes: new Set<string>(),
    policies: new Set(names),
  });
  const need = (...anyOf: string[][]) => ({ kind: 'policies', anyOf }) as const;

  it.each([
    [need(['gatehouse:aal2']), met(), { acr: 'aal2' }],
    [need(['gatehouse:fresh(5m)']), met(), { acr: 'aal1', maxAge: 300 }],
    [need(['gatehouse:fresh(5m)', 'gatehouse:phr']), met(), { acr: 'phr', maxAge: 300 }],
    [need(['gatehouse:fresh(5m)', 'gatehouse:fresh(1m)']), met(), { acr: 'aal1', maxAge: 60 }],
    [need(['gatehouse:aal2', 'owner']), met('owner'), { acr: 'aal2' }],
    [need(['owner'], ['gatehouse:aal2']), met(), { acr: 'aal2' }],
    [need(['gatehouse:aal2', 'owner']), met(), undefined],
    [need(['owner']), met(), undefined],
    [need([]), met(), undefined],
  ])('for %j with %j is %j', (requirement, powers, demand) => {
    expect(stepUpFor(requirement, person(password), powers)).toEqual(demand);
  });

  it('is nothing that a stranger, or whoever acts in somebody’s place, could show', () => {
    const requirement = need(['gatehouse:aal2']);
    expect(stepUpFor(requirement, { kind: 'anonymous' }, met())).toBeUndefined();
    expect(stepUpFor(requirement, person(password, 0, 'admin'), met())).toBeUndefined();
  });
});
