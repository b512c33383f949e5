import type { ComponentChildren } from 'preact';
import { Page, type PageProps } from '../kit/page.tsx';

export interface AccountPageProps extends Pick<PageProps, 'title' | 'width' | 'menu'> {
  readonly children: ComponentChildren;
}

export function AccountPage({ title, width = 'narrow', menu, children }: AccountPageProps) {
  return (
    <Page title={title} width={width} home="/account" menu={menu}>
      {children}
    </Page>
  );
}
