import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoginDocument } from '../generated/graphql.ts';
import { registerPerson } from '../support/administrators.ts';
import { gatehouse } from '../support/command-line.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { createTestClient, dataOf } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

describe('gatehouse users import and export', () => {
  let gateway: TestGateway;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-users-'));
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true });
  });

  it('carry an account from one database to another, with its id and its password', async () => {
    const { id, email } = await registerPerson(gateway);
    const file = join(folder, 'all.ndjson');
    expect(await gatehouse('users', 'export', '--output', file)).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .find((text) => text.includes(id));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ email, roles: ['user'], username: null });

    await gateway.query('DELETE FROM users WHERE id = $1', [id]);
    const one = join(folder, 'one.ndjson');
    writeFileSync(one, `${line}\n`);
    expect(await gatehouse('--json', 'users', 'import', one)).toEqual({
      code: 0,
      stdout: '{"lines":1,"imported":1,"present":0,"refused":0}\n',
      stderr: '',
    });
    const answer = await createTestClient(gateway.origin).send(LoginDocument, {
      input: { identifier: email, password: goodPassword },
    });
    expect(dataOf(answer).login.user).toMatchObject({ id, email });
  });

  it('name each bad line, lose no other, and find them there the second time', async () => {
    const good = () => ({ email: freshEmail('import') });
    const taken = await registerPerson(gateway);
    const lines: unknown[] = Array.from({ length: 2_500 }, good);
    const hash = '$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy';
    const bad: Readonly<Record<number, readonly [unknown, RegExp]>> = {
      2: [{ ...good(), passwordHash: '$2b$10$short' }, /passwordHash is no bcrypt/],
      3: [{ ...good(), passwordHash: hash }, /costs too much/],
      4: [{ ...good(), roles: ['emperor'] }, /roles names one that there is not/],
      5: [{ email: 'nobody' }, /email is no e-mail address/],
      6: [{ ...good(), isAdmin: true }, /isAdmin|nrecognized/],
      7: [{ ...good(), firstName: 'a\u0000' }, /firstName/],
      8: [{ email: taken.email, id: randomUUID() }, /another id/],
      9: [{ ...good(), id: taken.id }, /another address/],
      1500: [lines[0], /present/],
    };
    for (const [line, [value]] of Object.entries(bad)) lines[Number(line) - 1] = value;
    const file = join(folder, 'many.ndjson');
    writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"email":\n`);

    const first = await gatehouse('--json', 'users', 'import', file);
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout)).toEqual({
      lines: 2_501,
      imported: 2_491,
      present: 1,
      refused: 9,
    });
    const complaints = first.stderr.trim().split('\n');
    expect(complaints).toHaveLength(9);
    for (const [line, [, problem]] of Object.entries(bad).slice(0, 8)) {
      expect(complaints.find((text) => text.startsWith(`line ${line}:`))).toMatch(problem);
    }
    expect(complaints).toContain('line 2501: this is no JSON');
    expect(first.stderr).not.toContain('@example.com');

    const second = await gatehouse('--json', 'users', 'import', file);
    expect(JSON.parse(second.stdout)).toMatchObject({ imported: 0, present: 2_492, refused: 9 });
  });

  it('let nobody in without a password', async () => {
    const email = freshEmail('invited');
    const file = join(folder, 'invited.ndjson');
    writeFileSync(file, `${JSON.stringify({ email })}\n`);
    expect(await gatehouse('users', 'import', file)).toMatchObject({ code: 0 });
    for (const password of ['!', '', goodPassword]) {
      const answer = await createTestClient(gateway.origin).send(LoginDocument, {
        input: { identifier: email, password },
      });
      expect(answer.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
  });
});
