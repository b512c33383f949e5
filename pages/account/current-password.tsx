import { PasswordField } from '../kit/password-field.tsx';
import { text } from './text.ts';

/** Whoever has a password gives it; all others show in another way who they are. */
export function CurrentPassword({ isThere }: { readonly isThere: boolean }) {
  return isThere ? (
    <PasswordField
      name="currentPassword"
      label={text('password.current')}
      autocomplete="current-password"
    />
  ) : null;
}
