const form = /^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)([^/?]*)(.*)$/;

/**
 * The URLs of the servers that a PostgreSQL URL names, one a host: `host1:5432,host2:5432` means
 * whichever of them takes writes (libpq's connection URIs, PostgreSQL documentation 34.1.1.2).
 * `target_session_attrs` says no more than that here, and is left out.
 *
 * @returns undefined for what is no such URL
 */
export function serversOf(url: string): readonly [string, ...string[]] | undefined {
  const [, start = '', hosts = '', rest = ''] = form.exec(url) ?? [];
  const [path = '', query] = rest.split('?', 2);
  const parameters = new URLSearchParams(query);
  if (!start || !isForWriting(parameters.get('target_session_attrs'))) return undefined;
  parameters.delete('target_session_attrs');
  const end = parameters.size > 0 ? `${path}?${parameters}` : path;
  const names = hosts.split(',');
  if (names.length > 1 && names.includes('')) return undefined;
  const [first, ...others] = names.map((host) => `${start}${host}${end}`);
  if (first === undefined || ![first, ...others].every((each) => URL.canParse(each)))
    return undefined;
  return [first, ...others];
}

function isForWriting(attributes: string | null): boolean {
  return attributes === null || attributes === 'read-write' || attributes === 'primary';
}
