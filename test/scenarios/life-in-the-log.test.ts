import { startBuiltServer } from '../support/built-server.ts';

const patience = 120_000;

describe('the log of a process', () => {
  it(
    'names a misspelt variable at the start, without its value, and ends with a line of its own',
    async () => {
      const server = await startBuiltServer({ REDIS_URI: 'redis://ada:geheim@cache' });
      const slip = server.lines.find(({ msg }) => msg === 'configuration.misspelt');
      expect(slip).toMatchObject({
        level: 'warn',
        detail: 'REDIS_URI means nothing here: REDIS_URL?',
      });
      server.kill('SIGTERM');
      expect(await server.ended).toBe(0);
      expect(server.lines.map(({ msg }) => msg).slice(-2)).toEqual([
        'stop.began',
        'stop.completed',
      ]);
      expect(server.text()).not.toContain('geheim');
      await server.clean();
    },
    patience,
  );
});
