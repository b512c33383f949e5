import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { withoutByteOrderMark } from '../core/text.ts';
import { HttpError } from './http-error.ts';

/** An operation as a client sends it, before anything was checked. */
export interface RequestedOperation {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

/**
 * The text of the document that a request may run.
 *
 * @throws HttpError 403 when it is not on the list
 */
export type FindPersistedDocument = (operation: RequestedOperation) => string;

const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});
const presetManifest = z.record(z.string(), z.string());

/**
 * Reads the manifest of the only documents that may run, as Apollo's tool or the codegen client
 * preset write it. A request names one by its id (`extensions.persistedQuery.sha256Hash`, or
 * `documentId` of the GraphQL-over-HTTP draft, with or without `sha256:`) or sends its exact text.
 *
 * @param pages documents of our own pages, which are on the list too
 * @throws Error when the file is no manifest
 */
export function readPersistedDocuments(
  file: string,
  pages: readonly string[],
): FindPersistedDocument {
  return allowDocuments(readManifest(file), pages);
}

/**
 * @param documents by their ids
 * @param others that may be sent by their text
 */
export function allowDocuments(
  documents: ReadonlyMap<string, string>,
  others: readonly string[],
): FindPersistedDocument {
  const texts = new Set([...documents.values(), ...others]);

  return (operation) => {
    const text =
      typeof operation.query === 'string' && operation.query !== ''
        ? operation.query
        : documents.get(idOf(operation) ?? '');
    if (text === undefined || !texts.has(text)) {
      throw new HttpError(
        403,
        'PERSISTED_QUERY_NOT_IN_LIST',
        'This document is not on the list of those that may run.',
      );
    }
    return text;
  };
}

function readManifest(file: string): ReadonlyMap<string, string> {
  const content: unknown = JSON.parse(withoutByteOrderMark(readFileSync(file, 'utf8')));
  const apollo = apolloManifest.safeParse(content);
  if (apollo.success) {
    return new Map(apollo.data.operations.map(({ id, body }) => [withoutScheme(id), body]));
  }
  const preset = presetManifest.safeParse(content);
  if (preset.success) {
    return new Map(Object.entries(preset.data).map(([id, body]) => [withoutScheme(id), body]));
  }
  throw new Error(`PERSISTED_DOCUMENTS: ${file} is no manifest of persisted documents.`);
}

function idOf({ documentId, extensions }: RequestedOperation): string | undefined {
  if (typeof documentId === 'string') return withoutScheme(documentId);
  const parsed = persistedQuery.safeParse(extensions);
  return parsed.success ? withoutScheme(parsed.data.persistedQuery.sha256Hash) : undefined;
}

const persistedQuery = z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) });

function withoutScheme(id: string): string {
  return id.replace(/^sha256:/, '');
}
