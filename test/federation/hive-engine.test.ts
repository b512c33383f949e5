import { parse } from 'graphql';
import { composeSupergraph } from '../../src/federation/compose-supergraph.ts';
import { createHiveEngine } from '../../src/federation/hive-engine.ts';

describe('the engine', () => {
  const before = process.env.LOG_LEVEL;
  afterEach(() => {
    if (before === undefined) delete process.env.LOG_LEVEL;
    else process.env.LOG_LEVEL = before;
  });

  it.each(['silent', 'fatal'])(
    'starts and answers with LOG_LEVEL=%s, which is ours',
    async (level) => {
      process.env.LOG_LEVEL = level;
      const numbers = { name: 'numbers', url: 'http://numbers', sdl: 'type Query { one: Int }' };
      const engine = await createHiveEngine(
        composeSupergraph([numbers]),
        new Map([['numbers', async () => ({ data: { one: 1 } })]]),
      );
      const asked = {
        document: parse('{ one }'),
        operationName: undefined,
        variables: {},
        context: {},
      };
      expect(await engine.execute(asked)).toEqual({ data: { one: 1 } });
    },
  );
});
