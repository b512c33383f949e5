/**
 * Everything that is ever written to the log, and what it tells an operator. docs/operations.md
 * repeats this table. Names are past tense, dotted and stable: alerts hang on them.
 */
export const logEvents = {
  'access_policy.applied': 'The roles of the settings file were written to the database.',
  'administrator.invited':
    'The address of ADMIN_EMAIL was invited as the first administrator: there was no account.',
  'announcements.lost':
    'Revocations of other processes may be missed; until they are heard again, the database is asked for each access token.',
  'announcements.regained': 'Revocations of other processes are heard again; nothing was missed.',
  'audit.failed': 'Refusals could not be written to the audit trail; they are lost.',
  'configuration.misspelt':
    'A variable that is set means nothing, and is close to one that would; `detail` names both.',
  'coprocessor.failed':
    "A router's coprocessor request could not be answered, and the client's request failed with it; `err` says why.",
  'database.awaited': 'The database is not there at the start; it is waited for, a minute long.',
  'database.away':
    'The database stopped answering: what needs it is refused at once, and it is asked again ten times a second.',
  'database.back': 'The database answers again.',
  'database.connection_lost': 'A pooled connection broke while nobody used it.',
  'database.distributed':
    'The tables are spread over the machines of a Citus cluster; what is done for many people is done one after the other.',
  'database.migrated': 'Migrations ran at the start.',
  'database.pooled':
    'DATABASE_URL is a pooler; `detail` says whether statements are prepared by name, which a rotation is faster with.',
  'delivery_acknowledgement.failed':
    'Arrived refresh tokens could not be noted; the next request of each session notes its own.',
  'embedded_database.died': 'The embedded database ended by itself; the process stops.',
  'gateway.started': 'It takes requests.',
  'graph.planner_ended':
    'The query planner crashed on a document, or took too long for it; `detail` says which. It plans in a process of its own, which is started again; the document is not tried again.',
  'graph.complete': 'Every subgraph that is named is in the graph.',
  'graph.incomplete':
    'Subgraphs have not told their schema since the start; `detail` names them. They are asked again each second, and what only they could answer is refused as SUBGRAPH_UNAVAILABLE.',
  'graph.refresh_failed':
    'The subgraphs could not be composed again; the graph before stays in use. `detail` lists the problems.',
  'graph.replaced': 'The subgraphs changed, and with them the graph.',
  'graphql_server.complained': 'Apollo Server reported something about itself.',
  'guests.remove_failed':
    'Guests who stayed away could not be removed; it is tried again in six hours.',
  'guests.removed': 'Guests who had stayed away for 30 days were removed.',
  'mail.abandoned': 'A mail will never be delivered; `detail` says which and why.',
  'mail.delivery_failed':
    'A mail could not be handed over; it is tried again. `detail` says which and why.',
  'mail.not_configured':
    'SMTP_URL is not set in production: every mail is forgotten instead of sent.',
  'mail.outbox_failed': 'The outbox could not be read or written; the next round tries again.',
  'operation.failed': 'An operation failed for a reason of ours; `err` says which.',
  'origin.refused':
    'In development: a page of an origin that CORS_ORIGINS does not name asked; `detail` has the line that admits it.',
  'personal_data.erase_failed':
    'What deleted accounts or changes of address have left could not be erased; the next round, within an hour, tries again.',
  'policy.failed': 'A policy was missing or failed, and counts as a no.',
  'provider.refused':
    'A provider, or somebody there, said no to a sign-in, or what it answered does not hold; `detail` names it and says why.',
  'provider.unavailable':
    'A provider could not be asked, or not in time; `detail` names it and says why.',
  'process.failed':
    'An error that nobody caught; the process finishes what is in flight and ends with exit code 1.',
  'proxy.untrusted':
    'X-Forwarded-For came from the address in `detail`, which TRUST_PROXY does not name: it counts as the client. Told once.',
  'redis.away':
    'The Redis of `host` does not answer: each process counts attempts in its own memory until it is back.',
  'redis.back':
    'The Redis of `host` answers again, or another node has taken its place, and counts for all processes.',
  'request.answered': 'A request was answered; `aborted` when its client left before.',
  'request.failed': 'A request failed outside of GraphQL for a reason of ours; `err` says which.',
  'session.end_failed':
    'A session whose token was seen with a second holder could not be ended; the next use tries again.',
  'sessions.prune_failed':
    'Sessions that are over could not be deleted; the next round tries again.',
  'sessions.pruned': 'Sessions that were over for a week were deleted.',
  'signing_keys.maintenance_failed':
    'The signing keys could not be looked after; the next minute tries again.',
  'socket.closed':
    'A connection of subscriptions ended: `reason` says for what, `code` is that of the close frame, 1006 where none came.',
  'stop.began': 'A signal asked the process to stop; requests in flight are finished.',
  'stop.completed': 'Everything is closed, and the process ends.',
  'stop.connections_cut':
    'Connections were still busy at the end of SHUTDOWN_TIMEOUT and were cut.',
  'stop.cut_short': 'A second signal ended the process at once.',
  'subgraph.circuit_closed': 'A subgraph that was left alone answers again.',
  'subgraph.circuit_opened':
    'A subgraph failed several times in a row, and a question of our own too: it is left alone until one is answered, and its fields are null.',
  'subgraph.failed': 'A request to a subgraph failed; `err` says how.',
  'subgraph.schema_unreachable':
    'A subgraph could not be asked for its schema; what is known of it stays in use.',
  'subgraph.trusts_plain_headers':
    'A subgraph gets who is asking in plain headers: whoever reaches it can be anybody.',
  'stop.failed': 'A part did not close at the stop.',
  'stop.timed_out': 'The stop took too long; the process ends with work undone.',
  'worker.died':
    'One of the processes of WORKERS ended by itself; another takes its place. `detail` has its exit code or signal.',
  'workers.given_up':
    'Processes of WORKERS died at once, ten in a row; the others are stopped and the whole ends with exit code 1.',
} as const;

export type LogEvent = keyof typeof logEvents;
