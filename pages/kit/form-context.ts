import { createContext } from 'preact';

/** What a field has to know of the form that it stands in. */
export interface FormState {
  /** What is wrong, by the name of the field. */
  readonly problems: Readonly<Record<string, string>>;
  /** Whether fields that may stay empty say so. */
  readonly marksOptional: boolean;
}

export const FormContext = createContext<FormState>({ problems: {}, marksOptional: true });
