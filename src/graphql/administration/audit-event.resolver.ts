import { Arg, Authorized, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { auditEvents } from '../../audit/audit-events.ts';
import type { AuditFilter, AuditTrail } from '../../audit/audit-trail.ts';
import { BadUserInput } from '../../core/domain-error.ts';
import { defaultPageSize, readTimePage, timeCursorOf, toConnection } from '../connection.ts';
import { assertIds } from './administrator.ts';
import { AuditEventConnection, AuditEventFilter } from './audit-event.types.ts';
import { ManagedUser } from './user.types.ts';

/** Who did what, when and from where. */
@Resolver(() => ManagedUser)
export class AuditEventResolver {
  private readonly auditTrail: AuditTrail;

  constructor(auditTrail: AuditTrail) {
    this.auditTrail = auditTrail;
  }

  @Authorized('audit:read')
  @Query(() => AuditEventConnection, { description: 'Security events, the newest first.' })
  async auditEvents(
    @Arg('first', () => Int, { defaultValue: defaultPageSize }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('filter', () => AuditEventFilter, { nullable: true }) filter: AuditEventFilter | null,
  ): Promise<AuditEventConnection> {
    const { userId, actorId, sessionId } = filter ?? {};
    assertIds({ userId, actorId, sessionId });
    assertTypes(filter?.types ?? []);
    return this.list(filter ?? {}, first, after);
  }

  @Authorized('audit:read')
  @FieldResolver(() => AuditEventConnection, { description: 'What happened to the account.' })
  async events(
    @Root() { id }: ManagedUser,
    @Arg('first', () => Int, { defaultValue: defaultPageSize }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<AuditEventConnection> {
    return this.list({ userId: id }, first, after);
  }

  private async list(
    filter: AuditFilter,
    first: number,
    after: string | null,
  ): Promise<AuditEventConnection> {
    const page = readTimePage(first, after);
    const query = { filter, first: page.first + 1, after: page.after };
    const found = await this.auditTrail.list(query);
    const events = found.map(({ detail = {}, ...event }) => ({ ...event, detail }));
    return toConnection(events, page, timeCursorOf);
  }
}

/** A slip would look like 'nothing of the kind happened'. @throws BadUserInput */
function assertTypes(types: readonly string[]): void {
  if (types.every((type) => Object.hasOwn(auditEvents, type))) return;
  const message = `There is no such event. There are: ${Object.keys(auditEvents).join(', ')}.`;
  throw new BadUserInput([{ path: 'filter.types', rule: 'UNKNOWN_EVENT', message }]);
}
