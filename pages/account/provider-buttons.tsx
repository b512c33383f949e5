import { useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import { Actions } from '../kit/card.tsx';
import { Notice } from '../kit/notice.tsx';
import { problemSentence } from '../kit/problem.ts';
import { settings } from '../kit/settings.ts';
import { laterPart, text } from './text.ts';

/** A button a provider. They are there at once, so that nothing jumps; what they do is loaded later. */
export function ProviderButtons() {
  const [problem, setProblem] = useState<unknown>();
  if (settings.providers.length === 0) return null;
  const go = async (name: string) => {
    const { goToProvider } = await laterPart(import('./strangers-pages.ts'));
    await goToProvider(name);
  };
  return (
    <>
      {problem === undefined ? null : <Notice kind="problem">{problemSentence(problem)}</Notice>}
      <Actions>
        {settings.providers.map(({ name, label }) => (
          <Button key={name} kind="quiet" wide onClick={() => void go(name).catch(setProblem)}>
            {text('provider.with', { provider: label })}
          </Button>
        ))}
      </Actions>
    </>
  );
}
