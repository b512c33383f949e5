import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { freePort } from '../chaos/free-port.ts';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { freshEmail, goodPassword } from '../support/people.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Milliseconds: a start, on a machine that does other things too. */
const patience = 120_000;

interface Setup {
  readonly folder: string;
  readonly upstream: string;
  readonly ports: { readonly http: number; readonly https: number };
}

/** The files of `deploy`, with other ports and paths, and the command that runs each. */
const proxies = {
  nginx({ folder, upstream, ports }: Setup): readonly string[] {
    const site = readFileSync('deploy/nginx.conf', 'utf8')
      .replace('127.0.0.1:4000', upstream)
      .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
      .replace('listen 443 ssl;', `listen 127.0.0.1:${ports.https} ssl;`)
      .replaceAll('/etc/nginx/', `${folder}/`);
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${folder}/${kind};`,
    );
    const file = join(folder, 'nginx.conf');
    writeFileSync(
      file,
      `pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${paths.join(' ')} ${site} }`,
    );
    return ['/usr/sbin/nginx', '-c', file, '-g', 'daemon off; user root;'];
  },
  haproxy({ folder, upstream, ports }: Setup): readonly string[] {
    const file = join(folder, 'haproxy.cfg');
    const settings = readFileSync('deploy/haproxy.cfg', 'utf8')
      .replace('127.0.0.1:4000', upstream)
      .replace('bind :80', `bind 127.0.0.1:${ports.http}`)
      .replace('bind :443', `bind 127.0.0.1:${ports.https}`)
      .replaceAll('/etc/haproxy/', `${folder}/`);
    writeFileSync(file, settings);
    return ['/usr/sbin/haproxy', '-db', '-f', file];
  },
};

describe.each(Object.entries(proxies))('deploy/%s', (_name, configure) => {
  let folder: string;
  let server: BuiltServer;
  let proxy: ChildProcess;
  let ports: Setup['ports'];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-deploy-'));
    makeCertificate(folder);
    ports = { http: await freePort(), https: await freePort() };
    server = await startBuiltServer({
      TRUST_PROXY: '127.0.0.1',
      PUBLIC_URL: 'https://auth.example.com',
    });
    const upstream = new URL(server.origin).host;
    const [program = '', ...args] = configure({ folder, upstream, ports });
    proxy = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    await waitUntil(() =>
      ask('GET', '/readyz').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  }, patience);
  afterAll(async () => {
    if (proxy.exitCode === null) {
      proxy.kill('SIGTERM');
      await once(proxy, 'exit');
    }
    await server.clean();
    rmSync(folder, { recursive: true });
  });

  const ask = async (method: string, path: string, body?: object, from = '127.0.0.1') => {
    const outgoing = request({
      ...{ method, path, host: '127.0.0.1', port: ports.https, localAddress: from },
      rejectUnauthorized: false,
      headers: {
        host: 'auth.example.com',
        'content-type': 'application/json',
        'x-forwarded-for': '203.0.113.9',
      },
    });
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = await answered;
    return {
      status: answer.statusCode,
      cookies: answer.headers['set-cookie'] ?? [],
      body: JSON.parse(await text(answer)),
    };
  };
  const register = (from?: string) => {
    const input = `email: "${freshEmail()}", password: "${goodPassword}"`;
    const query = `mutation { register(input: { ${input} }) { accessToken session { ip } } }`;
    return ask('POST', '/graphql', { query }, from);
  };

  it('sends plain HTTP to TLS', async () => {
    const outgoing = requestPlain({
      ...{ host: '127.0.0.1', port: ports.http, path: '/graphql?a=b' },
      headers: { host: 'auth.example.com' },
    });
    outgoing.end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(308);
    expect(answer.headers.location).toBe('https://auth.example.com/graphql?a=b');
  });

  it('tells the address that it saw, whatever the client says of itself', async () => {
    const { body, cookies } = await register('127.0.0.2');
    expect(body.data.register.session.ip).toBe('127.0.0.2');
    expect(cookies.filter((cookie) => !cookie.includes('; Secure'))).toEqual([]);
    expect(cookies.join()).toContain('__Host-refreshToken=');
  });

  it('passes the WebSocket of subscriptions', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${ports.https}/graphql`, 'graphql-transport-ws', {
      rejectUnauthorized: false,
      headers: { host: 'auth.example.com' },
    });
    const answers: string[] = [];
    socket.on('message', (message) => answers.push(JSON.parse(String(message)).type));
    await once(socket, 'open');
    for (const type of ['connection_init', 'ping']) {
      const sent = answers.length;
      socket.send(JSON.stringify({ type }));
      await waitUntil(async () => answers.length > sent);
    }
    socket.terminate();
    expect(answers).toEqual(['connection_ack', 'pong']);
  });
});

/** As nginx reads it, and in one file as haproxy does. */
function makeCertificate(folder: string): void {
  const key = join(folder, 'tls.key');
  const certificate = join(folder, 'tls.crt');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '1', '-subj', '/CN=auth.example.com', '-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  writeFileSync(
    join(folder, 'tls.pem'),
    readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'),
  );
}
