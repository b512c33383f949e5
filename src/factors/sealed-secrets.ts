/** Seals what codes are made from, so that the database alone makes none. */
export interface SealedSecrets {
  /** @param userId whose it is: in another person's row it does not open */
  readonly seal: (secret: Buffer, userId: string) => string;
  /**
   * @returns undefined where it was not sealed as this person's, or with a secret that is gone;
   * `isOutdated` where a newer one should seal it
   */
  readonly open: (
    sealed: string,
    userId: string,
  ) => { readonly secret: Buffer; readonly isOutdated: boolean } | undefined;
}
