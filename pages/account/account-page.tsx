import type { ComponentChildren } from 'preact';
import { Page, type PageProps } from '../kit/page.tsx';

export interface AccountPageProps extends Pick<PageProps, 'title' | 'width'> {
  readonly children: ComponentChildren;
}

export function AccountPage({ title, width, children }: AccountPageProps) {
  return (
    <Page title={title} width={width ?? 'usual'} home="/account">
      {children}
    </Page>
  );
}
