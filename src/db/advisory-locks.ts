/** The advisory locks of PostgreSQL that Gatehouse takes, in one place so that no two are equal. */
export const advisoryLocks = {
  migrations: 4_201_764_001,
  signingKeys: 4_201_764_002,
  pruning: 4_201_764_003,
  firstAdministrator: 4_201_764_004,
} as const;
