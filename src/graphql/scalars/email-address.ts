import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { parseEmailAddress } from '../../accounts/email-address.ts';

/** Its refusals never repeat the value, as those of ready-made scalars do. */
export const EmailAddressScalar = new GraphQLScalarType<string, string>({
  name: 'EmailAddress',
  description: 'An e-mail address (RFC 5321), with a domain name.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2',
  serialize: (value) => String(value),
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
});

function read(value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (parseEmailAddress(text)) return text;
  throw new GraphQLError('This is not an e-mail address.', {
    extensions: { rule: 'EMAIL_ADDRESS' },
  });
}
