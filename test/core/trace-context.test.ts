import { parseTraceparent } from '../../src/core/trace-context.ts';

describe('parseTraceparent (W3C Trace Context 3.2)', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

  it('reads the trace and keeps the header to pass it on', () => {
    expect(parseTraceparent(traceparent)).toEqual({ traceId, traceparent });
  });

  it('reads a later version as this one, and drops what only that one knows', () => {
    expect(parseTraceparent(`cc-${traceId}-00f067aa0ba902b7-01-more`)).toEqual({
      traceId,
      traceparent,
    });
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['an all-zero trace', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['an all-zero parent', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${traceId}-00f067aa0ba902b7-01`],
    ['more than version 00 has', `${traceparent}-more`],
    ['upper case', traceparent.toUpperCase()],
    ['a line break behind it', `${traceparent}\n`],
    ['text around it', ` ${traceparent}`],
    ['an endless header', `cc-${traceId}-00f067aa0ba902b7-01-${'x'.repeat(600)}`],
  ])('ignores %s', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});
