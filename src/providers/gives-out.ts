import type { Claims } from './identity-claims.ts';
import type { Provider } from './provider.ts';

export const entraHost = 'https://login.microsoftonline.com/';

/**
 * Whether a provider answers for an address as it is now, for it gives such addresses out itself.
 *
 * Attack: an account at a provider with an address of somebody else's domain, which its holder could read
 * once, and another one has by now: a company's, kept by who has left it. The provider calls it verified
 * for good. Google answers for its own addresses and for those of its customers (`hd`), Apple for its own,
 * Microsoft for its own and for a tenant's members. Of a provider that we do not know the operator says
 * with `trustsEmails` that it does.
 */
export function givesOut(canonical: string, claims: Claims, { issuer }: Provider): boolean {
  const domain = canonical.slice(canonical.lastIndexOf('@') + 1);
  if (issuer === 'https://accounts.google.com') {
    return domain === 'gmail.com' || typeof claims.hd === 'string';
  }
  if (issuer === 'https://appleid.apple.com') return domainsOfApple.has(domain);
  if (!issuer.startsWith(entraHost)) return true;
  return claims.iss === personalAccounts ? domainsOfMicrosoft.has(domain) : isMember(claims);
}

/** The tenant of all who have an account at Microsoft of their own. */
const personalAccounts = `${entraHost}9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`;

/**
 * Whether a tenant of Entra has the person itself: then `xms_edov` says that the domain is the tenant's.
 *
 * Attack: a guest of a tenant, whose address `xms_edov` calls verified as well where they came with a
 * personal account, one of Google's, or a code in a mail, each made while they could still read it. Only
 * `acct` tells (0 is a member). A tenant may call people from outside members, too: then `idp` names where
 * they are at home.
 */
function isMember({ acct, idp, iss, tid }: Claims): boolean {
  const isAtHome = idp === undefined || idp === iss || idp === `https://sts.windows.net/${tid}/`;
  return (acct === 0 || acct === '0') && isAtHome;
}

const domainsOfApple: ReadonlySet<string> = new Set([
  'icloud.com',
  'me.com',
  'mac.com',
  'privaterelay.appleid.com',
]);

/**
 * Where personal accounts have their mailboxes, after what Thunderbird knows of Outlook.com. By name, and
 * not by a pattern: `live.example` may be anybody's. One that is missing costs its people a mail; one too
 * many, somebody an account.
 */
const domainsOfMicrosoft: ReadonlySet<string> = new Set(
  `outlook.com hotmail.com live.com msn.com passport.com windowslive.com
   outlook.at outlook.be outlook.cl outlook.co.id outlook.co.il outlook.co.th outlook.com.ar
   outlook.com.au outlook.com.br outlook.com.gr outlook.com.tr outlook.com.vn outlook.cz outlook.de
   outlook.dk outlook.es outlook.fr outlook.hu outlook.ie outlook.in outlook.it outlook.jp outlook.kr
   outlook.lv outlook.my outlook.ph outlook.pt outlook.sa outlook.sg outlook.sk
   hotmail.co.jp hotmail.co.uk hotmail.com.br hotmail.de hotmail.es hotmail.fr hotmail.it
   live.co.jp live.co.uk live.de live.fr live.it live.jp`.split(/\s+/),
);
