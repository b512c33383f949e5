import { sessionState } from './session.ts';

/** Whose password a form asks for, where it does not ask who it is: managers keep it under that name. */
export function AccountName() {
  const { user } = sessionState.value;
  const name = user?.email ?? user?.username ?? '';
  return <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />;
}
