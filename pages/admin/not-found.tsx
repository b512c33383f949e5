import { ButtonLink } from '../kit/button.tsx';
import { Actions, Card } from '../kit/card.tsx';
import { at } from '../kit/settings.ts';
import { text } from './text.ts';

export function NotFound() {
  return (
    <Card title={text('notFound.title')} lead={text('notFound.lead')}>
      <Actions>
        <ButtonLink href={at('/admin')}>{text('menu.users')}</ButtonLink>
      </Actions>
    </Card>
  );
}
