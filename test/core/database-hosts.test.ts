import { readDatabaseUrl } from '../../src/config/database-url.ts';
import { serversOf } from '../../src/core/database-hosts.ts';

describe('the servers of a PostgreSQL URL', () => {
  it.each([
    ['postgres://ada@db:5432/app', ['postgres://ada@db:5432/app']],
    ['postgresql:///app', ['postgresql:///app']],
    [
      'postgres://ada:se,cret@one:5432,two:5433/app?sslmode=require&target_session_attrs=read-write',
      [
        'postgres://ada:se,cret@one:5432/app?sslmode=require',
        'postgres://ada:se,cret@two:5433/app?sslmode=require',
      ],
    ],
    ['postgres://[::1]:5432,two/app', ['postgres://[::1]:5432/app', 'postgres://two/app']],
    ['postgres://one/app?target_session_attrs=primary', ['postgres://one/app']],
  ])('%s', (url, servers) => {
    expect(serversOf(url)).toEqual(servers);
  });

  it.each([
    'mysql://db/app',
    'db/app',
    'postgres://one:port,two/app',
    'postgres://one,/app/',
    'postgres://one,two/app?target_session_attrs=any',
  ])('are none of %s', (url) => {
    expect(serversOf(url)).toBeUndefined();
  });
});

it('a URL of several hosts keeps them all beside its sslmode', () => {
  const read = readDatabaseUrl('postgres://ada@one:5432,two/app?sslmode=require');
  const url = 'url' in read ? read.url : '';
  expect(serversOf(url)).toEqual([
    'postgres://ada@one:5432/app?sslmode=require&uselibpqcompat=true',
    'postgres://ada@two/app?sslmode=require&uselibpqcompat=true',
  ]);
});
