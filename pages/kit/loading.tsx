import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { Actions } from './card.tsx';
import { Notice } from './notice.tsx';
import { problemSentence } from './problem.ts';
import { kitText } from './texts.ts';
import type { Loaded } from './use-loaded.ts';
import { Waiting } from './waiting.tsx';

export interface LoadingProps<Data> {
  readonly of: Loaded<Data>;
  readonly children: (data: Data) => ComponentChildren;
}

/** Shows what was loaded; until then that it is, and what went wrong with a way to try again. */
export function Loading<Data>({ of: { data, problem, reload }, children }: LoadingProps<Data>) {
  return (
    <>
      {problem === undefined ? null : (
        <>
          <Notice kind="problem">{problemSentence(problem)}</Notice>
          <Actions>
            <Button kind="quiet" onClick={reload}>
              {kitText('again')}
            </Button>
          </Actions>
        </>
      )}
      {data === undefined ? problem === undefined && <Waiting /> : children(data)}
    </>
  );
}
