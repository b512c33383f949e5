import { IdentityRefused } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { VerifyIdentity } from '../verify-identity.ts';

/** What is used of NestJS's ExecutionContext. */
export interface GuardContext {
  getType(): string;
  getArgs(): readonly unknown[];
  switchToHttp(): { getRequest(): unknown };
}

interface GuardedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawBody?: Uint8Array;
  identity?: Identity;
}

/**
 * A guard for NestJS, for HTTP and for GraphQL resolvers: `request.identity` is filled. The
 * application has to be made with `{ rawBody: true }`. A guard runs once a resolver; the token is
 * verified once a request.
 */
export class IdentityGuard {
  private readonly verify: VerifyIdentity;
  private readonly onRefused: (refusal: IdentityRefused) => void;
  private readonly known = new WeakMap<GuardedRequest, Promise<boolean>>();

  constructor(verify: VerifyIdentity, onRefused: (refusal: IdentityRefused) => void = () => {}) {
    this.verify = verify;
    this.onRefused = onRefused;
  }

  canActivate(context: GuardContext): Promise<boolean> {
    const request = requestOf(context);
    let verdict = this.known.get(request);
    if (!verdict) {
      verdict = this.judge(request);
      this.known.set(request, verdict);
    }
    return verdict;
  }

  private async judge(request: GuardedRequest): Promise<boolean> {
    try {
      // Without its bytes a body can't be checked: an empty one never matches.
      request.identity = await this.verify(request.headers, request.rawBody ?? '');
      return true;
    } catch (error) {
      if (!(error instanceof IdentityRefused)) throw error;
      this.onRefused(error);
      return false;
    }
  }
}

function requestOf(context: GuardContext): GuardedRequest {
  if (context.getType() !== 'graphql') return context.switchToHttp().getRequest() as GuardedRequest;
  const [, , graphqlContext] = context.getArgs();
  return (graphqlContext as { readonly req: GuardedRequest }).req;
}
