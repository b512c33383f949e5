/**
 * Loads what checks the answers of devices, at the first of them: it is 2 MB of code that most processes
 * never need. To be called before a transaction begins: nobody's lock waits for it.
 */
export function loadWebAuthn() {
  return import('./webauthn.ts');
}
