import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import { type Handler, passing } from './step.ts';

/**
 * Helmet's headers, computed once: they are the same for every answer. What is no page is allowed
 * nothing by the policy; pages bring their own.
 *
 * @param secure whether browsers come over https: only then may they be told to stay there
 */
export function securityHeaders(secure: boolean): Handler {
  const headers = Object.entries(computedHeaders(secure)).flat();
  return passing(() => headers);
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
