import { Button } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { Notice } from '../kit/notice.tsx';
import { session } from '../kit/session.ts';
import { settings } from '../kit/settings.ts';
import { AccountPage } from './account-page.tsx';
import { text } from './text.ts';

/** The application from which somebody came, as the server decided. */
export const visit = settings.visit && 'redirectUri' in settings.visit ? settings.visit : undefined;

/** Goes back to the application, and does not come back here by the browser's button. */
export function goBack(): void {
  if (visit) location.replace(visit.redirectUri);
}

/** Where somebody came from an address that we do not know: nothing is asked of them. */
export function VisitRefused() {
  return (
    <AccountPage title={text('visit.refusedTitle')} width="narrow">
      <Card title={text('visit.refusedTitle')}>
        <Notice kind="problem">{text('visit.refused')}</Notice>
      </Card>
    </AccountPage>
  );
}

/** Who is signed in already decides whether to go on as who they are. */
export function VisitAgain({
  name,
  application,
}: {
  readonly name: string;
  readonly application: string;
}) {
  return (
    <Card title={text('visit.continue', { application })} lead={text('visit.signedInAs', { name })}>
      <Actions>
        <Button onClick={goBack}>{text('visit.continue', { application })}</Button>
        <Button kind="quiet" onClick={() => void session.logout()}>
          {text('visit.other')}
        </Button>
      </Actions>
    </Card>
  );
}
