import { fragment } from '../kit/fragment.ts';

const { pathname } = location;
let code = fragment.get('code') ?? undefined;

/**
 * The code with which a provider's answer has opened this page, the first time that it is asked for. It is
 * of no other page, to which somebody goes on who is signed in already.
 */
export function arrivedCode(): string | undefined {
  const arrived = location.pathname === pathname ? code : undefined;
  code = undefined;
  return arrived;
}
