import { ServiceUnavailable } from '../../src/core/domain-error.ts';
import { type AuthenticateOptions, createAuthenticate } from '../../src/sessions/authenticate.ts';
import type { AccessStanding } from '../../src/sessions/revocation-set.ts';
import type { VerifiedClaims } from '../../src/tokens/access-token-claims.ts';

describe('authenticate', () => {
  const claims = { sub: 'ada', sid: 'session', gen: 3 } as unknown as VerifiedClaims;

  /** A process that knows `memory` of the token, hears of revocations or not, and may ask. */
  function processWith(
    memory: AccessStanding,
    isListening: boolean,
    database?: AccessStanding,
    isRecalled = false,
  ) {
    const asked: string[] = [];
    const seen: number[] = [];
    const replacedSeen: number[] = [];
    const options: AuthenticateOptions = {
      accessTokens: {
        verify: () => ({ kind: 'verified', claims }),
        recall: () => (isRecalled ? { kind: 'verified', claims } : undefined),
      },
      revocations: { standingOf: () => memory },
      isListening: () => isListening,
      askStanding: async ({ sid }) => {
        asked.push(sid);
        if (!database) throw new ServiceUnavailable('DATABASE');
        return database;
      },
      onSeen: ({ gen }) => seen.push(gen),
      onReplacedSeen: ({ gen }) => replacedSeen.push(gen),
    };
    const answer = async () => createAuthenticate(options)('Bearer token');
    return { answer, asked, seen, replacedSeen };
  }

  it('asks nobody while it hears of revocations', async () => {
    const { answer, asked, seen } = processWith('good', true);
    await expect(answer()).resolves.toEqual({ kind: 'authenticated', claims });
    expect(asked).toEqual([]);
    expect(seen).toEqual([3]);
  });

  it('asks the database while it does not', async () => {
    const { answer, asked, seen } = processWith('good', false, 'good');
    await expect(answer()).resolves.toEqual({ kind: 'authenticated', claims });
    expect(asked).toEqual(['session']);
    expect(seen).toEqual([3]);
  });

  it('refuses what the database says is revoked, though its memory knows nothing', async () => {
    const { answer, seen } = processWith('good', false, 'revoked');
    await expect(answer()).resolves.toMatchObject({ kind: 'refused', reason: 'SESSION_REVOKED' });
    expect(seen).toEqual([]);
  });

  it.each(['outdated', 'revoked', 'replaced'] as const)(
    'refuses a token that it recalls, and that is %s by now',
    async (standing) => {
      for (const isListening of [true, false]) {
        const { answer, seen } = processWith(standing, isListening, standing, true);
        await expect(answer()).resolves.toMatchObject({ kind: 'refused' });
        expect(seen).toEqual([]);
      }
    },
  );

  it('asks the database about a token that it recalls, too', async () => {
    const { answer, asked } = processWith('good', false, 'revoked', true);
    await expect(answer()).resolves.toMatchObject({ kind: 'refused', reason: 'SESSION_REVOKED' });
    expect(asked).toEqual(['session']);
  });

  it('takes nothing on trust when nobody can answer', async () => {
    const { answer, seen } = processWith('good', false);
    await expect(answer()).resolves.toMatchObject({
      kind: 'unavailable',
      error: { code: 'SERVICE_UNAVAILABLE', retryable: true },
    });
    expect(seen).toEqual([]);
  });

  it.each([true, false])(
    'refuses what it remembers as revoked without asking (listening: %s)',
    async (isListening) => {
      const { answer, asked } = processWith('revoked', isListening, 'good');
      await expect(answer()).resolves.toMatchObject({ kind: 'refused', reason: 'SESSION_REVOKED' });
      expect(asked).toEqual([]);
    },
  );

  it('sends a client with outdated roles to refresh', async () => {
    const { answer } = processWith('good', false, 'outdated');
    await expect(answer()).resolves.toMatchObject({ kind: 'refused', reason: 'TOKEN_EXPIRED' });
  });

  it('tells of a replaced token that shows up, whoever noticed', async () => {
    for (const { answer, seen, replacedSeen } of [
      processWith('replaced', true),
      processWith('good', false, 'replaced'),
    ]) {
      await expect(answer()).resolves.toMatchObject({ kind: 'refused', reason: 'SESSION_REVOKED' });
      expect(replacedSeen).toEqual([3]);
      expect(seen).toEqual([]);
    }
  });
});
