import {
  beginProviderLink,
  completeProviderLink,
  identities,
  type LinkedIdentity,
  unlinkIdentity,
} from 'graphql-gatehouse-client/providers';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { dateOnly, timeAgo } from '../kit/dates.ts';
import { announce } from '../kit/live-region.tsx';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { problemSentence } from '../kit/problem.ts';
import { session } from '../kit/session.ts';
import { at, settings } from '../kit/settings.ts';
import { steppedUp } from '../kit/stepped-up.ts';
import { Table } from '../kit/table.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { arrivedCode } from './arrived-code.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { text } from './text.ts';

/** The accounts at providers with which this one is opened: how they are linked and unlinked. */
export function IdentitiesCard({ onChange }: { readonly onChange: () => void }) {
  const found = useLoaded(() => identities(session));
  const [done, setDone] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const [removed, remove] = useState<LinkedIdentity>();
  const finish = (sentence: string) => {
    remove(undefined);
    setProblem(undefined);
    setDone(sentence);
    announce(sentence);
    found.reload();
    onChange();
  };
  useEffect(() => {
    const code = arrivedCode();
    if (code === undefined) return;
    completeProviderLink(session, code)
      .then(({ provider }) => finish(text('identities.linked', { provider: labelOf(provider) })))
      .catch(setProblem);
  }, []);
  const link = async (name: string) => {
    setProblem(undefined);
    const page = `${location.origin}${at('/account/security')}`;
    const { url } = await steppedUp(() => beginProviderLink(session, name, page));
    location.assign(url);
  };
  return (
    <Card level={2} title={text('identities.title')} lead={text('identities.lead')}>
      {done ? <Notice kind="good">{done}</Notice> : null}
      {problem === undefined ? null : <Notice kind="problem">{problemSentence(problem)}</Notice>}
      <Loading of={found}>
        {(linked: readonly LinkedIdentity[]) =>
          linked.length > 0 ? <IdentityTable linked={linked} onRemove={remove} /> : null
        }
      </Loading>
      <Actions>
        {settings.providers.map(({ name, label }) => (
          <Button key={name} kind="quiet" onClick={() => void link(name).catch(setProblem)}>
            {text('identities.link', { provider: label })}
          </Button>
        ))}
      </Actions>
      {removed ? (
        <RemoveDialog
          title={text('identities.unlink')}
          lead={text('identities.unlinkLead', { provider: labelOf(removed.provider) })}
          onClose={() => remove(undefined)}
          onConfirm={async () => {
            await steppedUp(() => unlinkIdentity(session, removed.id));
            finish(text('identities.unlinked', { provider: labelOf(removed.provider) }));
          }}
        />
      ) : null}
    </Card>
  );
}

interface IdentityTableProps {
  readonly linked: readonly LinkedIdentity[];
  readonly onRemove: (identity: LinkedIdentity) => void;
}

function IdentityTable({ linked, onRemove }: IdentityTableProps) {
  return (
    <Table
      caption={text('identities.title')}
      rows={linked}
      keyOf={({ id }) => id}
      columns={[
        { title: text('identities.provider'), cell: ({ provider }) => labelOf(provider) },
        { title: text('identities.email'), cell: ({ email }) => email ?? '' },
        {
          title: text('passkeys.since'),
          cell: ({ createdAt }) => dateOnly(createdAt),
          isWhole: true,
        },
        {
          title: text('passkeys.used'),
          cell: ({ lastUsedAt }) => (lastUsedAt ? timeAgo(lastUsedAt) : text('passkeys.never')),
          isWhole: true,
        },
        {
          title: text('passkeys.change'),
          cell: (identity) => (
            <Button
              kind="quiet"
              label={text('identities.unlinkLabel', { provider: labelOf(identity.provider) })}
              onClick={() => onRemove(identity)}
            >
              {text('identities.unlink')}
            </Button>
          ),
        },
      ]}
    />
  );
}

function labelOf(name: string): string {
  return settings.providers.find((provider) => provider.name === name)?.label ?? name;
}
