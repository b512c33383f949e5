/** The trace that a request belongs to (W3C Trace Context), as it is passed on. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The header's own text; undefined where a tracer passes on a span of its own. */
  readonly traceparent: string | undefined;
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/**
 * Reads a `traceparent` header (W3C Trace Context section 3.2). It names a trace and proves nothing;
 * what is not exactly of that form is ignored, so that no text of a stranger reaches the log.
 *
 * @returns undefined when there is none, or it is not valid
 */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  if (header === undefined || header.length > 512) return undefined;
  const [, version, traceId = '', parentId = '', more] = form.exec(header) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more)) return undefined;
  if (isZero(traceId) || isZero(parentId)) return undefined;
  // Of a later version only the part that this one knows is passed on (section 3.2.2.1).
  return { traceId, traceparent: `00-${traceId}-${parentId}-${header.slice(53, 55)}` };
}

function isZero(digits: string): boolean {
  return /^0+$/.test(digits);
}
