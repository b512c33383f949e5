/** Hive Gateway's runtime behind node:http, without authentication. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { port } from './settings.mjs';

const runtime = createGatewayRuntime({
  supergraph: readFileSync(process.env.SUPERGRAPH_FILE, 'utf8'),
  logging: false,
  landingPage: false,
  graphiql: false,
});
createServer(runtime).listen(port, '127.0.0.1');
