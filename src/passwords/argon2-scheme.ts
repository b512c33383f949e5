/** OWASP's first choice of parameters (Password Storage Cheat Sheet): KiB, passes, lanes. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const argon2id = 2;
const form =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;
/** A hash that asks for more would be an attack on the machine, whoever imported it. KiB. */
const mostMemory = 1_048_576;

/** Returns an argon2id hash (RFC 9106) in PHC form. */
export async function argon2Hash(password: string): Promise<string> {
  const { hashSync } = await load();
  return hashSync(password, { ...parameters, algorithm: argon2id });
}

/** Compares a password with an argon2id hash of any parameters. */
export async function argon2Matches(password: string, passwordHash: string): Promise<boolean> {
  const { verifySync } = await load();
  try {
    return verifySync(passwordHash, password);
  } catch {
    // Salt or digest are no base64 of a length that the algorithm knows: nothing matches it.
    return false;
  }
}

/** Whether a text is an argon2id hash that can be verified here. */
export function isArgon2Hash(passwordHash: string): boolean {
  const memory = form.exec(passwordHash)?.[1];
  return memory !== undefined && Number(memory) <= mostMemory;
}

/** Whether a hash has the parameters that new ones get. */
export function isArgon2Current(passwordHash: string): boolean {
  const [, memory, passes, lanes] = form.exec(passwordHash) ?? [];
  return (
    Number(memory) === parameters.memoryCost &&
    Number(passes) === parameters.timeCost &&
    Number(lanes) === parameters.parallelism
  );
}

/** A native package: loaded by the first hash that needs it. */
function load() {
  return import('@node-rs/argon2');
}
