import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { Provider, ProviderSecret } from '../providers/provider.ts';

interface Preset {
  readonly label: string;
  readonly protocol: Provider['protocol'];
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly trustsEmails: boolean;
}

const openIdScopes = ['openid', 'email', 'profile'];

const presets = {
  google: {
    label: 'Google',
    protocol: 'oidc',
    issuer: 'https://accounts.google.com',
    scopes: openIdScopes,
    trustsEmails: true,
  },
  apple: {
    label: 'Apple',
    protocol: 'oidc',
    issuer: 'https://appleid.apple.com',
    scopes: ['openid', 'email', 'name'],
    trustsEmails: true,
  },
  github: {
    label: 'GitHub',
    protocol: 'github',
    issuer: 'https://github.com/login/oauth',
    scopes: ['read:user', 'user:email'],
    trustsEmails: true,
  },
  microsoft: {
    label: 'Microsoft',
    protocol: 'oidc',
    issuer: 'https://login.microsoftonline.com',
    scopes: openIdScopes,
    // Of its addresses only those count that `xms_edov` vouches for.
    trustsEmails: true,
  },
} as const satisfies Readonly<Record<string, Preset>>;

const presetNames = ['google', 'apple', 'github', 'microsoft'] as const;

/** A value that stands in a variable: the settings file is read by more people than may have it. */
const fromVariable = z
  .string()
  .regex(/^env:[A-Za-z_]\w*$/, 'must name a variable, such as env:GOOGLE_CLIENT_SECRET');

const issuer = z.string().superRefine((text, context) => {
  const problem = problemOfIssuer(text);
  if (problem) context.addIssue(problem);
});

/**
 * Attack: an issuer that is read in two ways, or is changed on its way. It is what identities are found
 * by, and compared letter by letter with what discovery and tokens say.
 */
function problemOfIssuer(text: string): string | undefined {
  if (!URL.canParse(text) || !/^https?:\/\//.test(text)) {
    return 'must be an https address, such as https://login.example.com';
  }
  const { protocol, hostname, username, password, search, hash, href } = new URL(text);
  if (username || password || search || hash || text.includes('?') || text.includes('#')) {
    return 'can have no user, password, query or fragment';
  }
  if (/\/\.well-known\//.test(text)) return 'must be the issuer, not the address of its metadata';
  if (protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) {
    return 'must be https: only this machine may be asked by http';
  }
  return href === text || href === `${text}/` ? undefined : `must be written as ${href}`;
}

const clientId = z.string().min(1).max(512);

const provider = z
  .strictObject({
    preset: z.enum(presetNames).optional(),
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a name such as google, of small letters')
      .optional(),
    label: z
      .string()
      .regex(/^[^\p{Cc}<>"]{1,60}$/u, 'must be a text of at most 60 characters')
      .optional(),
    issuer: issuer.optional(),
    tenant: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,80}$/i, 'must be common, organizations, consumers or a tenant')
      .optional(),
    clientId,
    clientSecret: fromVariable.optional(),
    teamId: z.string().min(1).max(64).optional(),
    keyId: z.string().min(1).max(64).optional(),
    privateKey: fromVariable.optional(),
    nativeClientIds: z.array(clientId).default([]),
    scopes: z.array(z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must be a scope')).optional(),
    trustsEmails: z.boolean().optional(),
    link: z.enum(['confirm', 'verified-email']).default('confirm'),
    satisfies: z.enum(['aal1', 'aal2']).default('aal1'),
  })
  .superRefine((given, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', message, path: [path] });
    const { preset } = given;
    if (preset === undefined) {
      if (given.name === undefined) issue('name', 'is needed, or a preset');
      if (given.issuer === undefined) issue('issuer', 'is needed, or a preset');
    } else if (given.issuer !== undefined) {
      issue('issuer', `comes from the preset ${preset}`);
    }
    if ((preset === 'microsoft') !== (given.tenant !== undefined)) {
      issue('tenant', 'belongs to the preset microsoft, which needs it');
    }
    for (const name of ['teamId', 'keyId', 'privateKey'] as const) {
      if ((preset === 'apple') !== (given[name] !== undefined)) {
        issue(name, 'belongs to the preset apple, which needs it');
      }
    }
    if (preset === 'apple' && given.clientSecret !== undefined) {
      issue('clientSecret', 'is made from privateKey with the preset apple');
    }
    if (preset === 'github' && given.clientSecret === undefined) {
      issue('clientSecret', 'is needed with the preset github');
    }
    if (preset === 'github' && given.nativeClientIds.length > 0) {
      issue('nativeClientIds', 'is of no use with the preset github, which has no ID tokens');
    }
    if (preset === 'github' && given.satisfies !== 'aal1') {
      issue('satisfies', 'must be aal1 with the preset github, which says nothing of factors');
    }
    if (preset === 'github' && given.link === 'verified-email') {
      issue('link', 'must be confirm with the preset github, which gives out no addresses');
    }
    if (preset !== 'github' && given.scopes !== undefined && !given.scopes.includes('openid')) {
      issue('scopes', 'must have openid among them');
    }
    if (
      given.link === 'verified-email' &&
      !(given.trustsEmails ?? presetOf(preset)?.trustsEmails)
    ) {
      issue('link', 'must be confirm for a provider whose addresses are not trusted');
    }
  });

type GivenProvider = z.infer<typeof provider>;

function presetOf(name: GivenProvider['preset']): Preset | undefined {
  return name === undefined ? undefined : presets[name];
}

/** The providers of the settings file. */
export const providers = z.array(provider).superRefine((entries, context) => {
  const names = entries.map(nameOf);
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    context.addIssue({ code: 'custom', message: `repeats ${name}`, path: [index, 'name'] });
  });
});
export type GivenProviders = z.infer<typeof providers>;

function nameOf({ name, preset }: GivenProvider): string {
  return name ?? preset ?? '';
}

/**
 * Puts the presets and the variables in.
 *
 * @returns the providers, and a line for each variable that is not there
 */
export function readProviders(
  given: GivenProviders,
  env: Readonly<Record<string, string | undefined>>,
): { readonly providers: readonly Provider[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const found = given.map((entry): Provider => {
    const name = nameOf(entry);
    const preset = presetOf(entry.preset);
    const secret = secretOf(entry, (reference) => {
      const variable = reference.slice('env:'.length);
      const text = env[variable]?.trim();
      if (!text) problems.push(`${variable} is needed by the provider ${name}`);
      return text ?? '';
    });
    if (secret.kind === 'apple' && secret.privateKey !== '' && !isKeyOfApple(secret.privateKey)) {
      problems.push(
        `the privateKey of the provider ${name} is no key of Apple's: a file AuthKey_….p8`,
      );
    }
    return {
      name,
      label: entry.label ?? preset?.label ?? name,
      protocol: preset?.protocol ?? 'oidc',
      issuer: issuerOf(entry),
      clientId: entry.clientId,
      secret,
      nativeClientIds: entry.nativeClientIds,
      scopes: entry.scopes ?? preset?.scopes ?? openIdScopes,
      trustsEmails: entry.trustsEmails ?? preset?.trustsEmails ?? false,
      link: entry.link,
      satisfies: entry.satisfies,
    };
  });
  return { providers: found, problems };
}

function issuerOf({ issuer: own, preset, tenant }: GivenProvider): string {
  if (own !== undefined) return own;
  const base = presetOf(preset)?.issuer ?? '';
  return tenant === undefined ? base : `${base}/${tenant}/v2.0`;
}

function secretOf(
  { clientSecret, teamId, keyId, privateKey }: GivenProvider,
  variable: (reference: string) => string,
): ProviderSecret {
  if (teamId !== undefined && keyId !== undefined && privateKey !== undefined) {
    // A key has several lines, and not every file of variables can hold them.
    const key = variable(privateKey).replaceAll('\\n', '\n');
    return { kind: 'apple', teamId, keyId, privateKey: key };
  }
  return clientSecret === undefined
    ? { kind: 'none' }
    : { kind: 'text', text: variable(clientSecret) };
}

function isKeyOfApple(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}
