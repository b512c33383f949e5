import { GraphQLError, parse } from 'graphql';
import { BadUserInput } from '../core/domain-error.ts';
import {
  assertWithinLimits,
  type DocumentLimits,
  documentLimits,
  OperationLimit,
} from '../graphql/document-limits.ts';
import { documentHasUnstorableText } from '../graphql/unstorable-text.ts';

/** Lets a document through, or throws. What passed once is known by its text. */
export type DocumentGate = (text: string) => void;

const remembered = { documents: 1_000, characters: 4_000_000 };

/**
 * Stands before Apollo Server: what is refused here is neither validated nor stored anywhere. A
 * document with a syntax error passes, to get Apollo's own answer.
 *
 * Attack: documents that never repeat, to fill the memory. Known texts are kept in two generations
 * of a bounded set.
 *
 * @param credentialFields what the fields that check credentials are called in the graph
 * @throws OperationLimit, BadUserInput
 */
export function createDocumentGate(
  credentialFields: ReadonlySet<string>,
  limits: DocumentLimits = documentLimits,
): DocumentGate {
  let fresh = new Set<string>();
  let stale = new Set<string>();
  let characters = 0;

  return (text) => {
    if (fresh.has(text)) return;
    if (!stale.has(text)) inspect(text, credentialFields, limits);
    if (fresh.size >= remembered.documents || characters >= remembered.characters) {
      stale = fresh;
      fresh = new Set();
      characters = 0;
    }
    fresh.add(text);
    characters += text.length;
  };
}

function inspect(
  text: string,
  credentialFields: ReadonlySet<string>,
  limits: DocumentLimits,
): void {
  if (text.length > limits.characters) throw new OperationLimit('DOCUMENT_SIZE');
  const document = parseWithin(text, limits.tokens);
  if (!document) return;
  assertWithinLimits(document, credentialFields, limits);
  if (documentHasUnstorableText(document)) throw unstorableText();
}

function parseWithin(text: string, maxTokens: number) {
  try {
    return parse(text, { noLocation: true, maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes('tokens. Parsing aborted')) {
      throw new OperationLimit('TOKENS');
    }
    // The parser descends once a level: what overflows the stack is nested too deeply.
    if (error instanceof RangeError) throw new OperationLimit('DEPTH');
    return undefined;
  }
}

/** Text that the database can't store as it is. */
export function unstorableText(): BadUserInput {
  const message = 'Text must not hold NUL characters or lone surrogates.';
  return new BadUserInput([{ path: '', rule: 'TEXT', message }]);
}
