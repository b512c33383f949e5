import { readConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { misspeltVariables } from '../../src/config/misspelt-variables.ts';
import { variables } from '../../src/config/variables.ts';

const read = (env: Readonly<Record<string, string>>) =>
  readConfig({ NODE_ENV: 'test', ...env }, { makesSecrets: false });

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('DATABASE_URL', () => {
  it.each([
    ['an @', 'postgres://ada:gehe@im@db:5432/app', /more than one @: .* write %40/],
    ['a %', 'postgres://ada:geheim%@db:5432/app', /a bare % .* write %25/],
    ['a % before letters', 'postgres://ada:%geheim@db:5432/app', /a bare % .* write %25/],
    ['a /', 'postgres://ada:gehe/im@db:5432/app', /a bare \/, \? or # .* %2F, %3F or %23/],
    ['a #', 'postgres://ada:12#geheim@db:5432/app', /a bare \/, \? or # .* %2F, %3F or %23/],
  ])('with %s in its password is named as that, without a piece of it', (_, url, rule) => {
    const [problem, ...others] = problemsOf({ DATABASE_URL: url });
    expect(problem).toMatch(rule);
    expect(problem).not.toMatch(/gehe|ada|12/);
    expect(others).toEqual([]);
  });

  it.each([
    'postgres://ada:gehe%40im%25@db:5432/app',
    'postgres://ada@db/app?application_name=a@b',
    'postgresql:///app?host=/run/postgresql',
  ])('may be %s', (url) => {
    expect(read({ DATABASE_URL: url }).database.url).toBe(url);
  });

  it.each([
    ['require', ''],
    ['verify-full', ''],
    ['verify-full', '&sslrootcert=/ca.pem'],
    ['verify-ca', '&sslrootcert=/ca.pem'],
    ['disable', ''],
  ])('has sslmode=%s%s as libpq', (mode, more) => {
    const url = `postgres://ada@db/app?sslmode=${mode}${more}`;
    const given = new URL(read({ DATABASE_URL: url }).database.url ?? '');
    expect(given.searchParams.get('uselibpqcompat')).toBe('true');
    expect(given.searchParams.get('sslmode')).toBe(mode);
  });

  it('takes sslrootcert=system for the authorities that are trusted here', () => {
    const url = 'postgres://ada@db/app?sslmode=verify-full&sslrootcert=system';
    expect(read({ DATABASE_URL: url }).database.url).not.toContain('sslrootcert');
  });

  it.each([
    ['prefer', /plain text/],
    ['allow', /plain text/],
    ['verify-ca', /needs sslrootcert/],
    ['required', /an sslmode that is none/],
    ['require&sslrootcert=system', /needs verify-full/],
  ])('is refused with sslmode=%s', (mode, rule) => {
    const [problem] = problemsOf({ DATABASE_URL: `postgres://ada@db/app?sslmode=${mode}` });
    expect(problem).toMatch(rule);
  });
});

describe('CORS_ORIGINS', () => {
  it.each([
    ['HTTPS://App.Example.COM', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://localhost:80/', 'http://localhost'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://app.example.com:8443', 'https://app.example.com:8443'],
    ['capacitor://localhost', 'capacitor://localhost'],
  ])('takes %s as the origin that browsers send: %s', (text, origin) => {
    expect(read({ CORS_ORIGINS: text }).http.corsOrigins).toEqual([origin]);
  });

  it.each([
    ['*', /can have no \*.*https:\/\/app\.example\.com/],
    ['https://*.example.com', /can have no \*/],
    ['https://App.example.com/login', /: https:\/\/app\.example\.com, and nothing after it/],
    ['app.example.com', /with their scheme/],
    ['null', /with their scheme/],
  ])('refuses %s, with the right spelling', (text, rule) => {
    const [problem] = problemsOf({ CORS_ORIGINS: `https://a.example,${text}` });
    expect(problem).toMatch(rule);
  });
});

describe('addresses with other letters than ASCII in their domain', () => {
  it('are written as mail servers understand them', () => {
    const config = read({
      ADMIN_EMAIL: 'ada@bücher.example',
      MAIL_FROM: 'Bücher <post@bücher.example>',
    });
    expect(config.adminEmail).toBe('ada@xn--bcher-kva.example');
    expect(config.mail.from).toEqual({ name: 'Bücher', address: 'post@xn--bcher-kva.example' });
  });

  it.each(['ada', 'ada@', '@bücher.example', 'ada@büch er.example', 'ada@x/y.example'])(
    'are refused where they are none: %s',
    (address) => {
      expect(problemsOf({ ADMIN_EMAIL: address })).toEqual([
        'ADMIN_EMAIL must be an e-mail address',
      ]);
      expect(problemsOf({ MAIL_FROM: `Ada <${address}>` })).toHaveLength(1);
    },
  );
});

describe('a misspelt variable', () => {
  const known = Object.keys(variables);

  it.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['REDIS_URI', 'REDIS_URL'],
    ['PORTS', 'PORT'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['KEY_ENCRYPTION_SECRETS', 'KEY_ENCRYPTION_SECRET'],
  ])('%s is named with the one that was meant', (name, meant) => {
    expect(misspeltVariables({ [name]: 'x' }, known)).toEqual([{ name, meant }]);
  });

  it('is none where it is far from all, or the one that it is close to is set', () => {
    const others = { HOME: '/', PATH: '/bin', HOSTNAME: 'a', PWD: '/', LANG: 'C', USER: 'a' };
    expect(misspeltVariables({ ...others, OTEL_TRACES_SAMPLER_ARGS: '1' }, known)).toEqual([]);
    expect(misspeltVariables({ REDIS_URL: 'x', REDIS_URI: 'y' }, known)).toEqual([]);
    for (const name of known) expect(misspeltVariables({ [name]: 'x' }, known)).toEqual([]);
  });
});
