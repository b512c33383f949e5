import { PasswordField } from '../kit/password-field.tsx';
import { settings } from '../kit/settings.ts';
import { text } from './text.ts';

/** A password that is chosen. */
export function NewPassword(props: { readonly name: string; readonly label: string }) {
  return (
    <PasswordField
      {...props}
      autocomplete="new-password"
      hint={text('password.hint', { number: settings.passwordMinLength })}
    />
  );
}
