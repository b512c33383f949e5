import { BadUserInput, ServiceUnavailable } from '../../src/core/domain-error.ts';
import { createLogger, type LogFields } from '../../src/observability/logger.ts';
import { createTestLog } from '../support/test-log.ts';

describe('the logger', () => {
  const logged = (fields: object) => {
    const { log, lines } = createTestLog();
    log.error(fields as LogFields, 'request.failed');
    return JSON.parse(lines[0] ?? '');
  };

  it('writes one JSON line with level, time, event and the listed fields', () => {
    expect(logged({ requestId: 'a', status: 500, ms: 1.5 })).toEqual({
      level: 'error',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      requestId: 'a',
      status: 500,
      ms: 1.5,
      msg: 'request.failed',
    });
  });

  it.each(['password', 'refreshToken', 'email', 'headers', 'authorization', 'toString'])(
    'drops %s, which nobody listed',
    (name) => {
      const line = logged({ requestId: 'a', [name]: 'secret' });
      expect(Object.keys(line)).toEqual(['level', 'time', 'requestId', 'msg']);
    },
  );

  it('says in each line which of several processes wrote it', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    createLogger('info', { destination, worker: 2 }).info('announcements.regained');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ worker: 2, msg: 'announcements.regained' });
  });

  it('is silent below its level', () => {
    const { log, lines } = createTestLog('warn');
    log.info('announcements.regained');
    expect(lines).toEqual([]);
  });
});

describe('an error in the log', () => {
  const describedAs = (err: unknown) => {
    const { log, lines } = createTestLog();
    log.error({ err }, 'request.failed');
    return { text: lines.join(''), err: JSON.parse(lines[0] ?? '').err };
  };

  it('shows type, code and place of a database error, never its query, values or text', () => {
    const error = Object.assign(new Error('invalid input for uuid: "hunter2"'), {
      name: 'QueryFailedError',
      query: 'INSERT INTO users VALUES ($1)',
      parameters: ['$2b$10$hash-of-a-password'],
      driverError: { code: '23505', constraint: 'users_email_key', detail: 'Key (email)=(ada@…)' },
    });
    const { err, text } = describedAs(error);
    expect(err).toMatchObject({
      type: 'QueryFailedError',
      code: '23505',
      constraint: 'users_email_key',
      stack: expect.stringContaining('test/observability/logger.test.ts'),
    });
    expect(text).not.toMatch(/hunter2|INSERT|hash-of-a-password|ada@/);
  });

  it('keeps the message of a domain error, its reason and its detail, and describes the cause', () => {
    const cause = new SyntaxError('Unexpected token in "hunter2"');
    const { err, text } = describedAs(
      new ServiceUnavailable('DATABASE', { detail: '57P01', cause }),
    );
    expect(err).toMatchObject({
      type: 'ServiceUnavailable',
      code: 'SERVICE_UNAVAILABLE',
      reason: 'DATABASE',
      detail: '57P01',
      message: 'The service is busy. Try again shortly.',
      cause: { type: 'SyntaxError' },
    });
    expect(text).not.toContain('hunter2');
  });

  it('drops the message of an error that other code threw', () => {
    const parse = () => JSON.parse('{"password":"hunter2');
    expect(parse).toThrow(/hunter2|JSON/);
    try {
      parse();
    } catch (error) {
      const { err, text } = describedAs(error);
      expect(err.type).toBe('SyntaxError');
      expect(text).not.toContain('hunter2');
    }
  });

  it('takes a line of a message for no place in the code', () => {
    const { text } = describedAs(new Error('no\n    at hunter2 (src/x.ts:1:1)'));
    expect(text).not.toContain('hunter2');
  });

  it('survives what is no error, and causes that never end', () => {
    const loop: Error & { cause?: unknown } = new BadUserInput([]);
    loop.cause = loop;
    expect(describedAs('hunter2').err).toEqual({ type: 'string' });
    expect(describedAs(null).err).toEqual({ type: 'object' });
    expect(describedAs(loop).err.cause.cause.cause.cause).toBeUndefined();
  });
});
