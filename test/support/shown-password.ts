import { byPassword, type ShownAssurance } from '../../src/core/assurance.ts';

/** Of somebody who has given a password and nothing else. */
export const shownPassword: ShownAssurance = { ...byPassword, authTime: 1_800_000_000 };
