/**
 * What stood behind the # of the address when the page was opened.
 *
 * Attack: the token of a link stays in the address, where it is read over a shoulder, kept in the
 * history, or sent by whoever copies the address. It is taken out before anything else runs, and from
 * then on only this script has it.
 */
export const fragment = new URLSearchParams(location.hash.slice(1));

if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);

// A link that is pasted into this very page changes nothing but what stands behind the #.
addEventListener('hashchange', () => {
  if (new URLSearchParams(location.hash.slice(1)).has('token')) location.reload();
});
