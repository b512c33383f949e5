import { registerEnumType } from 'type-graphql';
import type { FactorMethod } from '../../factors/factors.ts';

export const FactorMethodEnum = {
  PASSWORD: 'PASSWORD',
  TOTP: 'TOTP',
  PASSKEY: 'PASSKEY',
  RECOVERY_CODE: 'RECOVERY_CODE',
} as const satisfies Record<FactorMethod, FactorMethod>;

registerEnumType(FactorMethodEnum, {
  name: 'FactorMethod',
  description: 'A way to show who one is.',
  valuesConfig: {
    TOTP: { description: 'A code of an app, which is another every 30 seconds.' },
    RECOVERY_CODE: { description: 'One of those that were shown once, for a lost device.' },
  },
});
