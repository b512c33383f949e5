import { open, seal } from './sealing.ts';

/** What a secret of codes was sealed for, and whether a newer secret of ours should seal it. */
interface OpenedSecret {
  readonly secret: Buffer;
  readonly isOutdated: boolean;
}

/** Seals the secrets that codes are made from, each as its owner's. */
export function createSealedSecrets(encryptionSecrets: readonly string[]) {
  return {
    seal: (secret: Buffer, userId: string) =>
      seal('totp secret', secret, userId, encryptionSecrets),
    open(sealed: string, userId: string): OpenedSecret | undefined {
      const opened = open('totp secret', sealed, userId, encryptionSecrets);
      return opened && { secret: opened.content, isOutdated: opened.secretIndex > 0 };
    },
  };
}
