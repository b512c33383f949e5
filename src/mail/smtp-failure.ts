import { MailFailure } from './mail-transport.ts';

/** What nodemailer tells of a failure, besides words of the server's. */
interface SmtpError {
  readonly code?: string;
  /** What the socket or TLS said, where `code` says only which of them it was. */
  readonly originalCode?: string;
  readonly responseCode?: number;
}

const unknownSigner = 'its certificate is signed by nobody that is known here';
const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this host and port',
  ECONNRESET: 'the server ended the connection',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this host',
  EDNS: 'there is no such host',
  ENOTFOUND: 'there is no such host',
  ETIMEDOUT: 'the server did not answer in time',
  ECONNECTION: 'the server ended the connection',
  EAUTH: 'the server refused the user or the password of SMTP_URL',
  ETLS: 'the server offers no STARTTLS, or it failed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS at this port: it may want smtp:// instead of smtps://',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: unknownSigner,
  UNABLE_TO_GET_ISSUER_CERT: unknownSigner,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownSigner,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownSigner,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/**
 * Says what failed, for the log: what it means, and the codes. The server's own words stay out of it,
 * for they hold addresses.
 */
export function toMailFailure(error: unknown): MailFailure {
  if (error instanceof MailFailure) return error;
  const { code, originalCode, responseCode } = error as SmtpError;
  const codes = [originalCode ?? code, responseCode].filter(Boolean).join(' ') || 'unknown';
  const meaning = isAboutUs(responseCode) ? meanings.EAUTH : meanings[originalCode ?? code ?? ''];
  const why = meaning === undefined ? codes : `${meaning} (${codes})`;
  // Only what the server says about this very mail is final.
  const isAboutMail = (code === 'EENVELOPE' || code === 'EMESSAGE') && !isAboutUs(responseCode);
  return new MailFailure(why, isAboutMail && responseCode !== undefined && responseCode >= 500);
}

/** Codes of authentication (RFC 4954 section 6): a wrong or missing password of ours is not the mail's. */
function isAboutUs(responseCode: number | undefined): boolean {
  return responseCode !== undefined && responseCode >= 530 && responseCode <= 538;
}
