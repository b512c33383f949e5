import { createHash, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '../core/random.ts';
import type { EmailSignIn } from './email-sign-ins.ts';

const form = /^[A-Za-z0-9_-]{43}$/;

/** What the browser keeps that asks for a mail, and the app that keeps no cookies. */
export function newBinding(randomBytes: RandomBytes): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a text can be one. */
export function isBinding(text: string): boolean {
  return form.test(text);
}

export function bindingHash(binding: string): Buffer {
  return createHash('sha256').update(binding).digest();
}

/** Whether one of these is of the browser that asked. */
export function isBoundTo(
  { bindingHash: expected }: Pick<EmailSignIn, 'bindingHash'>,
  bindings: readonly string[],
): boolean {
  return bindings.some((text) => isBinding(text) && timingSafeEqual(bindingHash(text), expected));
}
