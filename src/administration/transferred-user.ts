import { z } from 'zod';
import { parseEmailAddress } from '../accounts/email-address.ts';
import { canonicalUsername, isUsername } from '../accounts/username.ts';
import { isId } from '../core/random.ts';
import { isPasswordHash } from '../passwords/password-scheme.ts';

/** An account as a line of an import or export file holds it, with its password hash. */
export interface TransferredUser {
  readonly id: string;
  readonly email: string | null;
  readonly emailCanonical: string | null;
  readonly username: string | null;
  readonly usernameCanonical: string | null;
  /** Null where the account has no password yet. */
  readonly passwordHash: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly avatarUrl: string | null;
  readonly emailVerifiedAt: Date | null;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
  readonly roles: readonly string[];
}

/** One that is to be written. */
export interface ImportedUser extends TransferredUser {
  readonly email: string;
  readonly emailCanonical: string;
  /** Whether the line named the id, or we made it. */
  readonly hasOwnId: boolean;
}

export type LineReading =
  | { readonly kind: 'user'; readonly user: ImportedUser }
  | { readonly kind: 'refused'; readonly problem: string };

export interface LineDefaults {
  readonly id: string;
  readonly createdAt: Date;
  /** What a line without roles gets. */
  readonly roles: readonly string[];
  /** The roles that there are. */
  readonly known: ReadonlySet<string>;
}

const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine(
      (value) => value.isWellFormed() && !value.includes('\0'),
      'holds what can not be stored',
    );
const time = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

const line = z.strictObject({
  id: z.string().refine(isId, 'is no lower-case UUID').optional(),
  email: z.string().refine((value) => parseEmailAddress(value), 'is no e-mail address'),
  username: z.string().trim().refine(isUsername, 'is no username').nullish(),
  passwordHash: z
    .string()
    .refine(isPasswordHash, 'is no bcrypt or argon2id hash, or one that costs too much')
    .nullish(),
  firstName: text(100).nullish(),
  lastName: text(100).nullish(),
  avatarUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .nullish(),
  emailVerifiedAt: time.nullish(),
  disabledAt: time.nullish(),
  createdAt: time.optional(),
  roles: z.array(z.string()).max(100).optional(),
});

/** Reads one line of an import. A problem names the field and the rule, never the value. */
export function readUserLine(textOfLine: string, defaults: LineDefaults): LineReading {
  let value: unknown;
  try {
    value = JSON.parse(textOfLine);
  } catch {
    return { kind: 'refused', problem: 'this is no JSON' };
  }
  const parsed = line.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) =>
      `${path.join('.')} ${message}`.trim(),
    );
    return { kind: 'refused', problem: problems.join('; ') };
  }
  const { id, email, username = null, roles = defaults.roles, ...rest } = parsed.data;
  const unknown = roles.find((role) => !defaults.known.has(role));
  if (unknown !== undefined)
    return {
      kind: 'refused',
      problem: `roles names one that there is not; there are: ${[...defaults.known].join(', ')}`,
    };
  const address = parseEmailAddress(email);
  if (!address) return { kind: 'refused', problem: 'email is no e-mail address' };
  const user: ImportedUser = {
    hasOwnId: id !== undefined,
    id: id ?? defaults.id,
    email: address.address,
    emailCanonical: address.canonical,
    username,
    usernameCanonical: username === null ? null : canonicalUsername(username),
    passwordHash: rest.passwordHash ?? null,
    firstName: rest.firstName ?? null,
    lastName: rest.lastName ?? null,
    avatarUrl: rest.avatarUrl ?? null,
    emailVerifiedAt: rest.emailVerifiedAt ?? null,
    disabledAt: rest.disabledAt ?? null,
    createdAt: rest.createdAt ?? defaults.createdAt,
    roles: [...new Set(roles)],
  };
  return { kind: 'user', user };
}

/** Writes the line that `readUserLine` reads. */
export function writeUserLine(user: TransferredUser): string {
  const { emailCanonical: _, usernameCanonical: __, ...fields } = user;
  return JSON.stringify(fields);
}
