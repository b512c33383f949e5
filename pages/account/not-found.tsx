import { ButtonLink } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { at } from '../kit/settings.ts';
import { AccountPage } from './account-page.tsx';
import { text } from './text.ts';

export function NotFound() {
  return (
    <AccountPage title={text('notFound.title')} width="narrow">
      <Card title={text('notFound.title')} lead={text('notFound.lead')}>
        <Actions>
          <ButtonLink href={at('/account')}>{text('notFound.home')}</ButtonLink>
        </Actions>
      </Card>
    </AccountPage>
  );
}
