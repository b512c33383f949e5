import { createHmac, timingSafeEqual } from 'node:crypto';

/** A registration: of a canonical address, with a password that was hashed for it alone. */
export interface Registration {
  readonly email: string;
  readonly passwordHash: string;
}

/** Who proves an address. */
export interface Prover {
  /** Who is signed in where the link was opened; nobody has to be. */
  readonly signedIn: { readonly id: string; readonly sessionId: string } | null;
  /** Whether the browser in which the link was opened made this registration. */
  readonly isRegistrant: (registration: Registration) => boolean;
}

export interface RegistrantTokens {
  /** What the browser keeps that registers. It tells nothing of the registration. */
  readonly write: (registration: Registration) => string;
  /** Whether one of these is of the browser that made this registration. */
  readonly isOf: (texts: readonly string[], registration: Registration) => boolean;
}

const prefix = 'gtg_';

/**
 * A registrant token: `gtg_` and a MAC of address and password hash. It opens nothing. It is made where
 * an address has an account already, too, and then belongs to none; and it is spent by any other
 * password.
 *
 * Attack: registering somebody's address and waiting for its owner to prove it. Whoever proves it says
 * with this token that they chose the password themselves.
 */
export function createRegistrantTokens(secrets: readonly string[]): RegistrantTokens {
  const [writingSecret] = secrets;
  if (writingSecret === undefined) throw new Error('no registrant token secret');
  return {
    write: (registration) => prefix + mac(registration, writingSecret).toString('base64url'),
    isOf(texts, registration) {
      const right = secrets.map((secret) => mac(registration, secret));
      return texts.some((text) => {
        if (!text.startsWith(prefix)) return false;
        const given = Buffer.from(text.slice(prefix.length), 'base64url');
        return right.some((each) => each.length === given.length && timingSafeEqual(each, given));
      });
    },
  };
}

function mac({ email, passwordHash }: Registration, secret: string): Buffer {
  return createHmac('sha256', secret)
    .update('gatehouse registrant token')
    .update(JSON.stringify([email, passwordHash]))
    .digest();
}
