export interface RemoveWhatOpensStores {
  readonly factors: { readonly removeSince: (userId: string, since: null) => Promise<number> };
  readonly identities: { readonly removeSince: (userId: string, since: null) => Promise<number> };
}

/**
 * Removes every factor and every identity of a locked account; the password is left to the caller.
 *
 * Attack: somebody with a copy of a guest's access token, or who sat at the same browser before, asks for an
 * account as that guest, with a password or an identity of their own, and waits until the guest becomes one
 * with another address. So a registration leaves nothing of an earlier one in a guest's row.
 *
 * @returns how many
 */
export async function removeWhatOpens(
  { factors, identities }: RemoveWhatOpensStores,
  userId: string,
): Promise<number> {
  return (await factors.removeSince(userId, null)) + (await identities.removeSince(userId, null));
}
