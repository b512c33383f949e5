import type { Ledger } from './ledger.ts';

/**
 * Watches what honest clients receive for the refresh tokens that they present: two different
 * successors of one token would be two branches of a session, of which one must die.
 */
export interface Branches {
  readonly received: (presented: string, successor: string) => void;
}

export function createBranches(ledger: Ledger): Branches {
  const successors = new Map<string, string>();
  return {
    received(presented, successor) {
      const known = successors.get(presented);
      successors.set(presented, successor);
      if (known !== undefined && known !== successor) {
        ledger.note('doubleBranches', `${describeToken(presented)}: two successors`);
      }
    },
  };
}

/** Session and generation of a refresh token, for people. */
export function describeToken(token: string): string {
  return `session ${sessionOf(token)} generation ${generationOf(token)}`;
}

/** The generation of a refresh token. */
export function generationOf(token: string): number {
  return bodyOf(token).readUInt32BE(16);
}

/** The session of a refresh token, whose layout clients need not know. */
export function sessionOf(token: string): string {
  return bodyOf(token)
    .toString('hex', 0, 16)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function bodyOf(token: string): Buffer {
  return Buffer.from(token.replace(/^gtr_/, ''), 'base64url').subarray(5);
}
