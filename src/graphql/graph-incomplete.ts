import { DomainError } from '../core/domain-error.ts';

/**
 * What a part of the graph is asked for that has not come up yet. That the field is unknown would be true
 * and no help: clients take it for a mistake of their own, and never ask again.
 */
export class GraphIncomplete extends DomainError {
  constructor() {
    super('SUBGRAPH_UNAVAILABLE', 'Parts of the graph are not there yet. Try again shortly.', {
      reason: 'GRAPH_INCOMPLETE',
      retryable: true,
      retryAfterSeconds: 1,
    });
  }
}
