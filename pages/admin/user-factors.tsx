import { ResetSecondFactorDocument } from '../generated/admin/graphql.ts';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { dateOnly } from '../kit/dates.ts';
import { Facts } from '../kit/facts.tsx';
import { ask } from './administration.ts';
import type { Change } from './change-dialog.tsx';
import { useMay } from './scopes.ts';
import { text } from './text.ts';
import type { UserPartProps } from './user-head.tsx';

/** What an account is opened with, and how to take the second factors away from who lost theirs. */
export function UserFactors({ user, onChange }: UserPartProps) {
  const may = useMay();
  const { hasPassword, totp, passkeys, recoveryCodesLeft } = user.authenticators;
  const hasFactors = totp !== null || passkeys.length > 0;
  const reset: Change = {
    title: text('factors.reset'),
    lead: text('factors.resetLead'),
    isDangerous: true,
    run: async ({ reason = '' }) => {
      await ask(ResetSecondFactorDocument, { input: { userId: user.id, reason } });
      return text('factors.resetDone');
    },
  };
  return (
    <Card level={2} title={text('factors.title')}>
      <Facts
        facts={[
          [text('factors.password'), text(hasPassword ? 'yes' : 'no')],
          [text('factors.totp'), totp ? dateOnly(totp.createdAt) : text('no')],
          ...passkeys.map(
            ({ name, createdAt, suspended }) =>
              [
                text('factors.passkey', { name }),
                suspended ? text('factors.suspended') : dateOnly(createdAt),
              ] as const,
          ),
          ...user.identities.map(
            ({ provider, email }) => [text('factors.identity', { provider }), email ?? ''] as const,
          ),
          [text('factors.codes'), `${recoveryCodesLeft}`],
        ]}
      />
      {may('users:write') && hasFactors ? (
        <Actions>
          <Button kind="quiet" onClick={() => onChange(reset)}>
            {reset.title}
          </Button>
        </Actions>
      ) : null}
    </Card>
  );
}
