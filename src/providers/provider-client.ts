import { createGithubClient } from './ask-github.ts';
import { type AskOidcOptions, createOidcClient } from './ask-oidc.ts';
import type { ProviderClient } from './provider.ts';

/** How a provider is asked. */
export function createProviderClient(options: AskOidcOptions): ProviderClient {
  return options.provider.protocol === 'github'
    ? createGithubClient(options)
    : createOidcClient(options);
}
