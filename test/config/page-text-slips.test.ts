import { pageTextSlips } from '../../src/config/page-text-slips.ts';

const english = { 'signIn.title': 'Sign in', 'signIn.lead': 'to go on to {application}' };

describe('the texts of an operator', () => {
  it('are fine where they say all that the pages say', () => {
    const fr = { 'signIn.title': 'Connexion', 'signIn.lead': 'pour continuer vers {application}' };
    expect(pageTextSlips({ fr }, english)).toEqual([]);
    expect(pageTextSlips({}, english)).toEqual([]);
  });

  it('name keys that no page has, those that are missing, and braces that nothing fills in', () => {
    const fr = { 'signIn.titel': 'Connexion', 'signIn.lead': 'vers {app}' };
    expect(pageTextSlips({ fr }, english)).toEqual([
      {
        locale: 'fr',
        unknown: ['signIn.titel'],
        missing: ['signIn.title'],
        unfilled: ['signIn.lead'],
      },
    ]);
  });

  it('miss nothing where they replace some of ours', () => {
    expect(pageTextSlips({ 'de-AT': { 'signIn.title': 'Servus' } }, english)).toEqual([]);
  });

  it('are no prototype of anything', () => {
    const [slips] = pageTextSlips({ en: { constructor: 'x', toString: 'y' } }, english);
    expect(slips?.unknown).toEqual(['constructor', 'toString']);
  });
});
