import { serversOf } from '../core/database-hosts.ts';

/**
 * Reads DATABASE_URL so that `sslmode` means what it means to libpq and psql. The driver takes each mode
 * for `verify-full` unless it is told otherwise.
 *
 * Attack: `prefer` and `allow` go on in plain text when whoever sits in between says that there is no
 * TLS. They are refused, so that nobody takes them for protection.
 *
 * @returns the URL for the driver, or what is wrong with it, without a piece of the password
 */
export function readDatabaseUrl(
  text: string,
): { readonly url: string } | { readonly problem: string } {
  const [, rest] = /^postgres(?:ql)?:\/\/(.*)$/s.exec(text) ?? [];
  if (rest === undefined) return { problem: shape };
  const problem = bareCharacter(rest);
  if (problem !== undefined) return { problem };
  const servers = serversOf(text);
  if (!servers) return { problem: shape };
  return withLibpqModes(new URL(servers[0]), text);
}

const shape =
  'must be a URL such as postgres://user:password@host:5432/database; of several hosts, host1:5432,host2:5432, the one that takes writes is used (target_session_attrs=read-write)';

/** What a password may hold only in its percent form (RFC 3986 section 3.2.1). */
function bareCharacter(rest: string): string | undefined {
  const [authority = ''] = rest.split(/[/?#]/);
  const [path = ''] = rest.split('?');
  const at = authority.lastIndexOf('@');
  if (at < 0 && path.includes('@')) {
    return 'has a bare /, ? or # before its @, likely in the password: write %2F, %3F or %23 for it';
  }
  const user = authority.slice(0, Math.max(at, 0));
  if (user.includes('@')) {
    return 'has more than one @: in a user name or password write %40 for it';
  }
  if (/%(?![0-9a-f]{2})/i.test(user)) {
    return 'has a bare % in its user name or password: write %25 for it';
  }
  return undefined;
}

function withLibpqModes(
  url: URL,
  text: string,
): { readonly url: string } | { readonly problem: string } {
  const mode = url.searchParams.get('sslmode');
  if (mode === null) return { url: text };
  if (mode === 'prefer' || mode === 'allow') {
    return {
      problem: `has sslmode=${mode}, which goes on in plain text without a word: take require, verify-full or disable`,
    };
  }
  if (!['disable', 'require', 'verify-ca', 'verify-full'].includes(mode)) {
    return { problem: 'has an sslmode that is none: disable, require, verify-ca or verify-full' };
  }
  const root = url.searchParams.get('sslrootcert');
  if (mode === 'verify-ca' && root === null) {
    return { problem: 'has sslmode=verify-ca, which needs sslrootcert: the file of the authority' };
  }
  if (root === 'system') {
    // As libpq 16 has it: the authorities that this machine, here Node, trusts; nothing less than that.
    if (mode !== 'verify-full')
      return { problem: 'has sslrootcert=system: that needs verify-full' };
    url.searchParams.delete('sslrootcert');
  }
  url.searchParams.set('uselibpqcompat', 'true');
  const [servers] = text.split('?');
  return { url: `${servers}?${url.searchParams}` };
}
