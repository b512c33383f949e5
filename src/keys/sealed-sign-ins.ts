import { open, seal } from './sealing.ts';

/** Seals what a sign-in at a provider is begun with and ends in, each as its own. */
export function createSealedSignIns(encryptionSecrets: readonly string[]) {
  const ownerOf = (stateHash: Buffer) => stateHash.toString('base64url');
  return {
    seal: (text: string, stateHash: Buffer) =>
      seal('provider sign-in', Buffer.from(text), ownerOf(stateHash), encryptionSecrets),
    open: (sealed: string, stateHash: Buffer) =>
      open('provider sign-in', sealed, ownerOf(stateHash), encryptionSecrets)?.content.toString(),
  };
}
