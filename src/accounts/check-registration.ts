import { BadUserInput, type FieldProblem } from '../core/domain-error.ts';
import { codePoints } from '../core/text.ts';
import type { PasswordHashing } from '../passwords/password-hasher.ts';
import type { PasswordPolicy } from '../passwords/password-policy.ts';
import { type EmailAddress, emailProblem, parseEmailAddress } from './email-address.ts';
import type { RegisterCommand } from './register.ts';
import { isUsername, plainUsername, usernameRule } from './username.ts';

const maximumNameLength = 100;

/**
 * Reads what a registration says.
 *
 * @throws BadUserInput with every field at once, ServiceUnavailable
 */
export async function checkRegistration(
  command: RegisterCommand,
  passwordPolicy: PasswordPolicy,
  hashing: PasswordHashing,
): Promise<EmailAddress> {
  const email = parseEmailAddress(command.email);
  const problems = [
    email ? undefined : emailProblem('email'),
    await passwordPolicy(hashing, command.password, 'password', {
      email: command.email,
      names: [command.username, command.firstName, command.lastName],
    }),
    usernameProblem(command.username),
    nameProblem(command.firstName, 'firstName'),
    nameProblem(command.lastName, 'lastName'),
  ].filter((problem) => problem !== undefined);
  if (!email || problems.length > 0) throw new BadUserInput(problems);
  return email;
}

export function usernameProblem(username: string | null): FieldProblem | undefined {
  if (username === null || isUsername(plainUsername(username))) return undefined;
  return { path: 'username', rule: 'USERNAME', message: usernameRule };
}

export function nameProblem(name: string | null, path: string): FieldProblem | undefined {
  if (name === null || codePoints(name) <= maximumNameLength) return undefined;
  return {
    path,
    rule: 'MAX_LENGTH',
    message: `A name has at most ${maximumNameLength} characters.`,
  };
}
