import { readFileSync } from 'node:fs';
import {
  type Costs,
  carriesTable,
  costTable,
  modelOf,
  modelTable,
  readCosts,
} from '../../bench/scale-model.ts';

const page = readFileSync('docs/scale.md', 'utf8');

describe('the page about scale', () => {
  it.each([
    ['costs', costTable],
    ['what a vCPU carries', carriesTable],
    ['the model', modelTable],
  ])('has the table of %s as it follows from the measured figures', (_, table) => {
    expect(page).toContain(`\n\n${table(readCosts())}\n\n`);
  });

  it('names the machine that they were measured on', () => {
    expect(page).toContain(`Measured on ${readCosts().machine}.`);
  });

  it('names every table of the schema with what it is distributed by', () => {
    const migrations = readFileSync('migrations/index.ts', 'utf8');
    const files = [...migrations.matchAll(/from '\.\/([^']+)'/g)].map(([, file]) => file);
    const statements = files.map((file) => readFileSync(`migrations/${file}`, 'utf8')).join('\n');
    const named = (form: RegExp) => [...statements.matchAll(form)].map(([, table]) => table);
    const renamed = named(/ALTER TABLE (\w+) RENAME TO/g);
    const tables = named(/CREATE (?:\w+ )?TABLE (\w+)/g).filter(
      (table) => !renamed.includes(table),
    );
    expect(tables.length).toBeGreaterThan(10);
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(tables.filter((table) => !rows.some((row) => row.includes(`\`${table}\``)))).toEqual([]);
  });
});

describe('the model', () => {
  const nothing = {
    gatewayMicroseconds: 0,
    postgresMicroseconds: 0,
    walBytes: 0,
    walBytesAfterCheckpoint: 0,
    rows: {},
  };
  const costs: Costs = {
    machine: '',
    operations: {
      me: nothing,
      meWithRow: nothing,
      refresh: nothing,
      logIn: nothing,
      logInArgon2id: nothing,
    },
    bytes: { user: 600, session: 400, sessionAtLogIn: 300, auditEvent: 500 },
  };

  it('spreads a day over its seconds, four times as many in the busiest hour', () => {
    const { refreshes, requests, logIns } = modelOf(costs, 86_400);
    expect([refreshes, requests, logIns].map((rate) => rate.toFixed(6))).toEqual([
      '6.400000',
      '80.000000',
      '0.080000',
    ]);
  });

  it('fills cores to six tenths', () => {
    const refresh = { ...nothing, gatewayMicroseconds: 600_000, postgresMicroseconds: 60_000 };
    const scale = modelOf({ ...costs, operations: { ...costs.operations, refresh } }, 86_400);
    expect(scale.gatewayCores).toBeCloseTo(6.4);
    expect(scale.postgresCores).toBeCloseTo(0.64);
  });

  it('keeps an account, a session, and a year of what log-ins leave in the audit trail', () => {
    expect(modelOf(costs, 1_000_000).gigabytes).toBeCloseTo(1);
    const logIn = { ...nothing, rows: { audit_events: 1 } };
    const scale = modelOf({ ...costs, operations: { ...costs.operations, logIn } }, 1_000_000);
    expect(scale.gigabytes).toBeCloseTo(1 + (0.02 * 365 * 500) / 1_000);
  });
});
