import { beginProviderSignIn, completeProviderSignIn } from 'graphql-gatehouse-client/providers';
import { useEffect } from 'preact/hooks';
import { session, sessionState } from '../kit/session.ts';
import { at } from '../kit/settings.ts';
import { Waiting } from '../kit/waiting.tsx';
import { useFirstStep } from './mail-steps.tsx';
import { goBack } from './visit.tsx';

/** Leaves the page for a provider's, which leads back to where somebody signs in. */
export async function goToProvider(name: string): Promise<void> {
  const page = `${location.origin}${at('/account/sign-in')}${location.search}`;
  // Who has signed out here, perhaps to show once more who they are, is not let in by a click.
  const maxAge = sessionState.value.why === 'LOGOUT' ? 300 : undefined;
  const { url } = await beginProviderSignIn(session, name, page, maxAge);
  location.assign(url);
}

export interface ProviderArrivalProps {
  readonly code: string;
  /** Where it came to nothing; with what says why. */
  readonly onOver: (why?: unknown) => void;
}

/** What follows for who comes back from a provider. */
export function ProviderArrival({ code, onOver }: ProviderArrivalProps) {
  const { attempt, step } = useFirstStep(goBack, onOver);
  useEffect(() => {
    attempt(completeProviderSignIn(session, code)).catch(onOver);
  }, []);
  return step ?? <Waiting />;
}
