import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Helmet's headers, computed once: they are the same for every answer. What is no page is allowed
 * nothing by the policy; pages bring their own.
 *
 * @param secure whether browsers come over https: only then may they be told to stay there
 */
export function securityHeaders(secure: boolean): RequestHandler {
  const headers = Object.entries(computedHeaders(secure));
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

function computedHeaders(secure: boolean): Readonly<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: secure && { maxAge: 31_536_000 },
    xFrameOptions: { action: 'deny' },
    crossOriginResourcePolicy: { policy: 'same-site' },
    xXssProtection: false,
    xDownloadOptions: false,
  })(request, response, () => {});
  return response.getHeaders() as Record<string, string>;
}
