import { type DocumentLimits, documentLimits } from '../graphql/document-limits.ts';
import {
  routerVariableLimits,
  type VariableLimits,
  variableLimits,
} from '../graphql/variable-limits.ts';
import { largestBody, largestRouterBody } from './read-json-body.ts';

/** What a request may hold. */
export interface RequestLimits {
  readonly documents: DocumentLimits;
  readonly variables: VariableLimits;
  /** Bytes. */
  readonly body: number;
}

/** Of the auth server alone, and of the administrators' API. */
export const ownRequestLimits: RequestLimits = {
  documents: documentLimits,
  variables: variableLimits,
  body: largestBody,
};

/** Of the auth subgraph behind a router, which sends references to many entities at once. */
export const routerRequestLimits: RequestLimits = {
  documents: documentLimits,
  variables: routerVariableLimits,
  body: largestRouterBody,
};
