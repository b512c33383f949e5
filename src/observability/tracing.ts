import { register } from 'node:module';
import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

/** What of an answered request goes into its span. */
export interface TracedAnswer {
  /** From a bounded list, as in log and metrics. */
  readonly operation: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly requestId: string;
}

export interface RequestSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  readonly end: (answer: TracedAnswer) => void;
}

export interface Tracing {
  /**
   * Begins the span of a request, as a part of the caller's trace where `traceparent` names one, and
   * runs the rest of the request under it.
   */
  readonly follow: (
    request: { readonly method: string; readonly headers: Readonly<Record<string, unknown>> },
    run: (span: RequestSpan) => void,
  ) => void;
  /** Sends what was not sent yet. */
  readonly stop: () => Promise<void>;
}

/** Milliseconds that the last spans get to leave at a stop. */
const farewell = 3_000;

/**
 * Starts OpenTelemetry: a span for each request, each query of it and each fetch from a subgraph, sent
 * as OTLP (http/json). It must run before `pg` is loaded, whose queries it times.
 *
 * Attack: secrets that reach the tracing backend. No document, variable, header or query parameter is
 * recorded; statements are, which hold placeholders only.
 *
 * @param share of the requests that no caller has decided about already, 0 to 1
 */
export function startTracing({ share }: { readonly share: number }): Tracing {
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const provider = new TracerProvider({
    // What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say wins.
    resource: resourceFromAttributes({ 'service.name': 'gatehouse' }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  trace.setGlobalTracerProvider(provider);
  for (const instrumentation of [
    new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
    new UndiciInstrumentation({ requireParentforSpans: true }),
  ]) {
    instrumentation.setTracerProvider(provider);
  }
  const tracer = provider.getTracer('gatehouse');

  return {
    follow({ method, headers }, run) {
      const caller: Context = propagation.extract(ROOT_CONTEXT, headers);
      const span = tracer.startSpan(
        method,
        { kind: SpanKind.SERVER, attributes: { 'http.request.method': method } },
        caller,
      );
      const { traceId } = span.spanContext();
      const end = ({ operation, status, code, requestId }: TracedAnswer) => {
        span.updateName(`${method} ${operation}`);
        span.setAttributes({
          'http.response.status_code': status,
          'gatehouse.operation': operation,
          'gatehouse.request_id': requestId,
          ...(code === undefined ? {} : { 'error.type': code }),
        });
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
      context.with(trace.setSpan(caller, span), () => run({ traceId, end }));
    },
    async stop() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, farewell).unref());
      // A collector that is away must not hold the stop, nor fail it.
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}
