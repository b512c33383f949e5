import { Authorized, Ctx, Query, Resolver } from 'type-graphql';
import { administrationScopes } from '../../access/access-policy.ts';
import type { SigningKey } from '../../keys/signing-key.ts';
import { type GraphQLContext, requireUser } from '../context.ts';
import { Health, ListedKey } from './overview.types.ts';

export interface Overview {
  readonly signingKeys: () => readonly SigningKey[];
  readonly askHealth: () => Promise<{
    readonly status: string;
    readonly checks: Readonly<Record<string, string>>;
  }>;
}

/** What whoever is any kind of administrator may look at. */
@Resolver()
export class OverviewResolver {
  private readonly useCases: Overview;

  constructor(useCases: Overview) {
    this.useCases = useCases;
  }

  @Authorized(...administrationScopes)
  @Query(() => [String], { description: 'The scopes of the administration that I hold.' })
  myScopes(@Ctx() context: GraphQLContext): readonly string[] {
    const { scopes } = requireUser(context);
    return administrationScopes.filter((scope) => scopes.includes(scope));
  }

  @Authorized(...administrationScopes)
  @Query(() => [ListedKey], { description: 'The keys that sign, will sign, or still verify.' })
  signingKeys(): readonly ListedKey[] {
    return this.useCases.signingKeys().map(({ kid, purpose, algorithm, state, ...times }) => ({
      kid,
      purpose,
      algorithm,
      state,
      createdAt: times.createdAt,
      changedAt: times.changedAt,
    }));
  }

  @Authorized(...administrationScopes)
  @Query(() => Health)
  async health(): Promise<Health> {
    const { status, checks } = await this.useCases.askHealth();
    return { status, checks: Object.entries(checks).map(([name, state]) => ({ name, state })) };
  }
}
