import { administrationScopes } from './access-policy.ts';

/** Who has to have a second factor. */
export type SecondFactorDuty = 'optional' | 'administrators' | 'everyone';

/** Whether somebody with these scopes has to have one. */
export type MustHaveSecondFactor = (scopes: readonly string[]) => boolean;

const ofAdministration: ReadonlySet<string> = new Set(administrationScopes);

/** Administrators are all whose roles hold a scope of the administration, whatever the role is called. */
export function createMustHaveSecondFactor(duty: SecondFactorDuty): MustHaveSecondFactor {
  switch (duty) {
    case 'optional':
      return () => false;
    case 'administrators':
      return (scopes) => scopes.some((scope) => ofAdministration.has(scope));
    case 'everyone':
      return () => true;
  }
}
