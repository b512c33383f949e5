import { useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { Actions } from '../kit/card.tsx';
import { timeOnly } from '../kit/dates.ts';
import { announce } from '../kit/live-region.tsx';
import { Notice } from '../kit/notice.tsx';
import { problemSentence } from '../kit/problem.ts';
import { at } from '../kit/settings.ts';
import { type Acting, acting, endActing } from './acting.ts';
import { text } from './text.ts';

/** Stands over every page for as long as the administrator acts as somebody else. */
export function ActingBanner() {
  const as = acting.value;
  return as ? <Banner key={as.accessToken} as={as} /> : null;
}

function Banner({ as }: { readonly as: Acting }) {
  const [isCopied, setCopied] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const copy = () => navigator.clipboard.writeText(as.accessToken).then(() => setCopied(true));
  const end = async () => {
    await endActing(as);
    announce(text('act.ended'));
  };
  return (
    <section aria-label={text('act.title')}>
      <Notice>
        <p>
          {text('act.banner', { time: timeOnly(as.expiresAt) })}{' '}
          <a href={at(`/admin/users/${as.userId}`)}>{as.name}</a>
        </p>
        {isCopied ? <p>{text('act.copied')}</p> : null}
        {problem === undefined ? null : <p>{problemSentence(problem)}</p>}
        <Actions>
          <Button kind="quiet" onClick={() => void copy().catch(setProblem)}>
            {text('act.copy')}
          </Button>
          <Button onClick={() => void end().catch(setProblem)}>{text('act.end')}</Button>
        </Actions>
      </Notice>
    </section>
  );
}
