import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '../observability/metrics.ts';

export interface MetricsServer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const limits = { headersTimeout: 5_000, requestTimeout: 5_000, maxHeaderSize: 8_192 } as const;

/**
 * Metrics on a port of their own.
 *
 * Attack: they tell strangers how loaded we are, whom we lock out and how often people log in. On the
 * public port one forgotten rule of a proxy would show them.
 *
 * @throws Error when the port is taken
 */
export async function startMetricsServer(
  metrics: Pick<Metrics, 'contentType' | 'text'>,
  host: string,
  port: number,
): Promise<MetricsServer> {
  const server = createServer(limits, async (request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || request.url !== '/metrics') {
      response.writeHead(isRead ? 404 : 405).end();
      return;
    }
    try {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
    } catch {
      response.writeHead(500).end();
    }
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
