/** The limit: node:http and jsonwebtoken, with one answer and no GraphQL at all. */
import { createServer } from 'node:http';
import jwt from 'jsonwebtoken';
import { audience, issuer, key, port, userOf } from './settings.mjs';

const checks = { algorithms: ['HS256'], issuer, audience };

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const claims = jwt.verify(request.headers.authorization.slice('Bearer '.length), key, checks);
    const body = JSON.stringify({ data: { me: userOf(claims) } });
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
}).listen(port, '127.0.0.1');
