import { problemText } from 'graphql-gatehouse-client/messages';
import { useSession } from 'graphql-gatehouse-client/react';
import { type FormEvent, useState } from 'react';

export function SignIn() {
  const { login, register } = useSession();
  const [problem, setProblem] = useState('');

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const { email, password, as } = Object.fromEntries(
      new FormData(event.currentTarget, submitter),
    ) as Record<string, string>;
    try {
      if (as === 'new') await register({ email, password });
      else await login({ identifier: email, password });
    } catch (error) {
      setProblem(problemText(error, navigator.language));
    }
  }

  return (
    <form onSubmit={submit}>
      <label>
        E-mail address <input name="email" type="email" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit" name="as" value="known">
        Sign in
      </button>
      <button type="submit" name="as" value="new">
        Sign up
      </button>
      <p role="alert">{problem}</p>
    </form>
  );
}
