import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describeTotp, newTotpSecret, stepOfCode } from '../../src/factors/totp.ts';

describe('a code', () => {
  it('is as oathtool makes it, for any secret at any time', () => {
    for (let round = 0; round < 50; round += 1) {
      const secret = newTotpSecret(randomBytes);
      const text = describeTotp(secret, { issuer: 'Gatehouse', label: 'ada' }).secret;
      const at = new Date(round * 71_234_567_890);
      const moment = `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
      const code = execFileSync('oathtool', ['--totp', '-b', `--now=${moment}`, text]);
      expect(stepOfCode(secret, code.toString().trim(), at)).toBe(
        Math.floor(at.getTime() / 30_000),
      );
    }
  });
});
