import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import {
  type NotificationListener,
  startNotificationListener,
} from '../../src/db/notification-listener.ts';
import { type FakePostgres, startFakePostgres } from '../support/fake-postgres.ts';

describe('the notification listener', () => {
  let server: FakePostgres;
  let listener: NotificationListener;
  let time: number;
  let heard: string[];
  let catchUps: number;
  let lost: Promise<unknown>;
  let regained: Promise<void>;
  let nextHeard: Promise<void>;
  let isHeard: boolean;

  beforeEach(async () => {
    server = await startFakePostgres();
    time = 0;
    isHeard = true;
    heard = [];
    catchUps = 0;
  });
  afterEach(async () => {
    await listener?.stop();
    await server.stop();
  });

  async function listen() {
    let onLost: (error: unknown) => void = () => {};
    let onRegained = () => {};
    let onHeard = () => {};
    lost = new Promise((resolve) => {
      onLost = resolve;
    });
    regained = new Promise((resolve) => {
      onRegained = resolve;
    });
    nextHeard = new Promise((resolve) => {
      onHeard = resolve;
    });
    listener = await startNotificationListener({
      url: server.url,
      channels: {
        births: (payload) => {
          heard.push(payload);
          onHeard();
        },
      },
      catchUp: async () => {
        catchUps += 1;
        heard.push('caught up');
      },
      announce: async (channel, payload) => {
        if (isHeard) server.notify(channel, payload);
      },
      elapsed: () => time,
      onLost,
      onRegained,
    });
  }

  it('listens first and then reads what may have been missed', async () => {
    await listen();
    expect(server.queries.slice(0, 4)).toEqual([
      'LISTEN births',
      'LISTEN gatehouse_echo',
      'UNLISTEN gatehouse_echo',
      'SELECT 1',
    ]);
    expect(catchUps).toBe(1);
    expect(listener.isListening()).toBe(true);
  });

  it('hears what is announced', async () => {
    await listen();
    server.notify('births', 'a child');
    await nextHeard;
    expect(heard).toEqual(['caught up', 'a child']);
  });

  it('vouches for 900 ms after a question that was answered, and no longer', async () => {
    await listen();
    server.freeze();
    time = 900;
    expect(listener.isListening()).toBe(true);
    time = 901;
    expect(listener.isListening()).toBe(false);
  });

  it('gives a silent connection up, and catches up on the next one', async () => {
    await listen();
    server.freeze();
    await expect(lost).resolves.toMatchObject({ code: 'ETIMEDOUT' });
    expect(listener.isListening()).toBe(false);
    server.thaw();
    await regained;
    expect(listener.isListening()).toBe(true);
    expect(catchUps).toBe(2);
  });

  it('notices a broken connection at once, and catches up on the next one', async () => {
    await listen();
    server.cut();
    await lost;
    expect(listener.isListening()).toBe(false);
    await regained;
    expect(catchUps).toBe(2);
  });

  it('refuses to start where it hears nothing, as behind a pooler in transaction mode', async () => {
    isHeard = false;
    await expect(listen()).rejects.toThrow('DATABASE_DIRECT_URL must name PostgreSQL itself');
  });

  it('fails where the connection is lost at its first question, and does not let the process end without a word', async () => {
    const module = pathToFileURL(resolve('src/db/notification-listener.ts')).href;
    const program = `
      import { startNotificationListener } from ${JSON.stringify(module)};
      const announce = async () => console.log('announced');
      const options = { url: process.argv[1], channels: {}, announce, elapsed: () => 0 };
      await startNotificationListener(options).catch((error) => console.log(error.code));`;
    const options = ['--import', 'tsx', '--input-type=module', '-e', program, server.url];
    const child = spawn(process.execPath, options);
    const exited = once(child, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      server.cut();
    }
    expect(lines).toEqual(['announced', 'SERVICE_UNAVAILABLE']);
    expect(await exited).toEqual([0, null]);
  });

  it('does not count as listening again before it hears', async () => {
    await listen();
    isHeard = false;
    server.cut();
    await lost;
    await server.nextAttempt();
    await server.nextAttempt();
    expect(listener.isListening()).toBe(false);
    isHeard = true;
    await regained;
    expect(listener.isListening()).toBe(true);
  });

  it('keeps trying while the server has no room for it', async () => {
    await listen();
    server.refuse('53300');
    server.cut();
    await lost;
    await server.nextAttempt();
    await server.nextAttempt();
    expect(listener.isListening()).toBe(false);
    server.refuse(undefined);
    await regained;
    expect(listener.isListening()).toBe(true);
  });

  it('says that the service is unavailable when the server is away at the start', async () => {
    server.refuse('57P03');
    await expect(listen()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('leaves no connection behind when it is stopped, were the server silent', async () => {
    await listen();
    server.freeze();
    await listener.stop();
    expect(listener.isListening()).toBe(false);
  });
});
