import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import type { UserDirectory } from '../../administration/user-directory.ts';
import type { AuditTrail } from '../../audit/audit-trail.ts';
import type { AssertSteppedUp } from '../../factors/assert-stepped-up.ts';
import { checkAuthorization } from '../authorization.ts';
import { ErrorExtensions } from '../error-extensions.type.ts';
import { AuditEventResolver } from './audit-event.resolver.ts';
import { type Overview, OverviewResolver } from './overview.resolver.ts';
import { type SecondFactorCare, SecondFactorCareResolver } from './second-factor-care.resolver.ts';
import { createStepUpGuard } from './step-up-guard.ts';
import { ManagedUserResolver, type UserAdministration } from './user.resolver.ts';
import { type UserCare, UserCareResolver } from './user-care.resolver.ts';

export interface Administration extends UserAdministration, UserCare, SecondFactorCare, Overview {
  readonly assertSteppedUp: AssertSteppedUp;
  readonly userDirectory: UserDirectory;
  readonly auditTrail: AuditTrail;
}

/** Builds the administrators' schema: one of its own, so that the public one shows nothing of it. */
export function createAdministrationSchema(administration: Administration): GraphQLSchema {
  const instances = new Map<unknown, object>([
    [ManagedUserResolver, new ManagedUserResolver(administration)],
    [UserCareResolver, new UserCareResolver(administration)],
    [SecondFactorCareResolver, new SecondFactorCareResolver(administration)],
    [OverviewResolver, new OverviewResolver(administration)],
    [AuditEventResolver, new AuditEventResolver(administration.auditTrail)],
  ]);
  return buildSchemaSync({
    resolvers: [
      ManagedUserResolver,
      UserCareResolver,
      SecondFactorCareResolver,
      OverviewResolver,
      AuditEventResolver,
    ],
    globalMiddlewares: [createStepUpGuard(administration.assertSteppedUp)],
    container: { get: (resolver) => instances.get(resolver) },
    orphanedTypes: [ErrorExtensions],
    authChecker: checkAuthorization,
    validate: false,
    // Apollo Server validates the schema anyway; this would ask it for all of itself at each start.
    skipCheck: true,
  });
}
