/**
 * The floor: what whoever stands there has to do. It reads the body, looks the token up among those
 * that it has verified, and writes the headers that Gatehouse writes, the answer, and a line of log.
 * It refuses nothing, counts nothing, and knows no GraphQL.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import jwt from 'jsonwebtoken';
import { audience, issuer, key, port, userOf } from './settings.mjs';

const checks = { algorithms: ['HS256'], issuer, audience };
const headers = {
  'content-security-policy':
    "default-src 'none';object-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-site',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  vary: 'origin',
  'cache-control': 'no-store',
  'content-type': 'application/json; charset=utf-8',
};
const verified = new Map();
const log = createWriteStream('', { fd: 1 });
let lines = '';

createServer((request, response) => {
  const began = performance.now();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const { authorization } = request.headers;
    let claims = verified.get(authorization);
    if (!claims) {
      claims = jwt.verify(authorization.slice('Bearer '.length), key, checks);
      verified.set(authorization, claims);
    }
    const requestId = randomUUID();
    const body = JSON.stringify({ data: { me: userOf(claims) } });
    response.writeHead(200, {
      'x-request-id': requestId,
      ...headers,
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
    note({ requestId, operation: 'me', status: 200, ms: performance.now() - began });
  });
}).listen(port, '127.0.0.1');

/** Lines of one turn are written together. */
function note(fields) {
  if (lines === '') setImmediate(flush);
  lines += `${JSON.stringify({ level: 'info', time: new Date(), ...fields, msg: 'request.answered' })}\n`;
}

function flush() {
  log.write(lines);
  lines = '';
}
