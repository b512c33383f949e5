import { createContext } from 'preact';

/** What fields learn of the form that they stand in. */
export interface FormState {
  /** What is wrong, by the name of the field. */
  readonly problems: Readonly<Record<string, string>>;
}

export const FormContext = createContext<FormState>({ problems: {} });
