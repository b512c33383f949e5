import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso/router';
import { Form } from '../kit/form.tsx';
import { at } from '../kit/settings.ts';

export interface FilterFormProps {
  /** Where what is asked for goes, as the query of the address. */
  readonly path: string;
  readonly submit: string;
  readonly children: ComponentChildren;
}

/** What is looked for stands in the address, so that it can be kept, sent, and gone back to. */
export function FilterForm({ path, submit, children }: FilterFormProps) {
  const { route, url } = useLocation();
  return (
    <Form
      // Whoever goes back sees what they asked for then.
      key={url}
      layout="row"
      submit={submit}
      onSubmit={async (values) => {
        const given = Object.entries(values).filter(([, value]) => value.trim() !== '');
        const query = `${new URLSearchParams(given)}`;
        route(at(query === '' ? path : `${path}?${query}`));
      }}
    >
      {children}
    </Form>
  );
}
