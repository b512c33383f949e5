import { useEffect, useState } from 'preact/hooks';
import {
  MySessionsDocument,
  type MySessionsQuery,
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
} from '../generated/account/graphql.ts';
import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { dateAndTime, timeAgo } from '../kit/dates.ts';
import { Loading } from '../kit/loading.tsx';
import { Notice } from '../kit/notice.tsx';
import { Pagination } from '../kit/pagination.tsx';
import { problemSentence } from '../kit/problem.ts';
import { session } from '../kit/session.ts';
import { Table } from '../kit/table.tsx';
import { type Loaded, useLoaded } from '../kit/use-loaded.ts';
import { usePages } from '../kit/use-pages.ts';
import { PersonalPage } from './personal-page.tsx';
import { onSessionEvent } from './session-events.ts';
import { text } from './text.ts';

type Device = MySessionsQuery['sessions']['nodes'][number];

const pageSize = 20;

/** Where somebody is signed in, and how to end that there. */
export function Devices() {
  return <PersonalPage title={text('devices.title')}>{() => <DeviceCard />}</PersonalPage>;
}

function DeviceCard() {
  const pages = usePages();
  const [outcome, setOutcome] = useState<{ kind: 'good' | 'problem'; sentence: string }>();
  const devices = useLoaded(
    () => session.request(MySessionsDocument, { first: pageSize, after: pages.after }),
    [pages.after],
  );
  useEffect(() => onSessionEvent(devices.reload), []);
  const act = async (change: () => Promise<string>) => {
    try {
      setOutcome({ kind: 'good', sentence: await change() });
    } catch (error) {
      setOutcome({ kind: 'problem', sentence: problemSentence(error) });
    }
    devices.reload();
  };
  const end = (device: Device) =>
    act(async () => {
      await session.request(RevokeSessionDocument, { input: { sessionId: device.id } });
      return text('devices.ended', { device: nameOf(device) });
    });
  const endOthers = () =>
    act(async () => {
      const { revokeOtherSessions } = await session.request(RevokeOtherSessionsDocument);
      return text('devices.endedOthers', { count: revokeOtherSessions.revokedCount });
    });
  return (
    <Card title={text('devices.title')} lead={text('devices.lead')}>
      {outcome ? <Notice kind={outcome.kind}>{outcome.sentence}</Notice> : null}
      <DeviceTable devices={devices} onEnd={(device) => void end(device)} />
      <Pagination label={text('devices.title')} {...pages.ways(devices.data?.sessions.pageInfo)} />
      <Actions>
        <Button kind="quiet" onClick={() => void endOthers()}>
          {text('devices.endOthers')}
        </Button>
      </Actions>
    </Card>
  );
}

interface DeviceTableProps {
  readonly devices: Loaded<MySessionsQuery>;
  readonly onEnd: (device: Device) => void;
}

function DeviceTable({ devices, onEnd }: DeviceTableProps) {
  const end = (device: Device) =>
    device.current ? (
      text('devices.current')
    ) : (
      <Button
        kind="quiet"
        label={text('devices.endLabel', { device: nameOf(device) })}
        onClick={() => onEnd(device)}
      >
        {text('devices.end')}
      </Button>
    );
  return (
    <Loading of={devices}>
      {({ sessions }) => (
        <Table
          caption={text('devices.title')}
          rows={sessions.nodes}
          keyOf={({ id }) => id}
          columns={[
            { title: text('devices.name'), cell: nameOf },
            { title: text('devices.network'), cell: ({ ip }) => ip ?? '–' },
            {
              title: text('devices.since'),
              cell: ({ createdAt }) => dateAndTime(createdAt),
              isWhole: true,
            },
            {
              title: text('devices.used'),
              cell: ({ lastUsedAt }) => timeAgo(lastUsedAt),
              isWhole: true,
            },
            { title: text('devices.end'), cell: end },
          ]}
        />
      )}
    </Loading>
  );
}

function nameOf({ browser, system }: Device): string {
  if (browser && system) return text('devices.on', { browser, system });
  return browser ?? system ?? text('devices.unknown');
}
