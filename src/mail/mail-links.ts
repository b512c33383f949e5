/** The pages of the team's own front end that mails lead to. */
export type MailPage =
  | 'verify-email'
  | 'reset-password'
  | 'forgot-password'
  | 'email-sign-in'
  | 'confirm-email-change'
  | 'undo-email-change';

export type LinkTo = (page: MailPage, token?: string) => string;

/**
 * Attack: a token in a server's log, a proxy's, or the Referer header of whatever the page loads. It
 * stands in the fragment, which browsers send nowhere; and a mail scanner that opens the link spends
 * nothing, for only the page's mutation does.
 *
 * @param base LINK_BASE_URL, without a slash at its end
 */
export function createLinkTo(base: string): LinkTo {
  return (page, token) => `${base}/${page}${token === undefined ? '' : `#token=${token}`}`;
}
