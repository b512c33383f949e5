import { GatehouseError } from 'graphql-gatehouse-client';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Actions, Card } from '../kit/card.tsx';
import { fragment } from '../kit/fragment.ts';
import { Notice } from '../kit/notice.tsx';
import { problemSentence } from '../kit/problem.ts';
import { text } from './text.ts';

/** The token of the link that opened the page. It is spent by a click, never by opening. */
export const linkToken = fragment.get('token') || undefined;

/** Where a page was opened without the link that it needs: by hand, or by loading it again. */
export function MissingLink({ title }: { readonly title: string }) {
  return (
    <Card title={title}>
      <Notice>{text('link.missing')}</Notice>
    </Card>
  );
}

/** Keeps what the server says of a link that does nothing any more; all else is for the form to show. */
export function useSpentLink() {
  const [refusal, setRefusal] = useState<GatehouseError>();
  const spend = async (send: () => Promise<void>): Promise<void> => {
    try {
      await send();
    } catch (error) {
      const isOfLink =
        error instanceof GatehouseError && error.reason?.startsWith('ONE_TIME_TOKEN_');
      if (!isOfLink) throw error;
      setRefusal(error);
    }
  };
  return { refusal, spend };
}

export interface SpentLinkProps {
  readonly title: string;
  readonly refusal: GatehouseError;
  /** What to do next. */
  readonly children: ComponentChildren;
}

/** Says why a link does nothing any more, and what to do. */
export function SpentLink({ title, refusal, children }: SpentLinkProps) {
  return (
    <Card title={title}>
      <Notice kind="problem">{problemSentence(refusal)}</Notice>
      <Actions>{children}</Actions>
    </Card>
  );
}
