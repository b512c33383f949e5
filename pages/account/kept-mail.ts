import type { EmailRequest } from 'graphql-gatehouse-client/email-sign-in';

const name = 'gatehouse-mail';

/** The mail that this tab has asked for. A browser that keeps nothing has none after a reload. */
export const keptMail = {
  /** Undefined where there is none that would still work. */
  read<Kept extends EmailRequest>(): Kept | undefined {
    try {
      const kept: Kept = JSON.parse(sessionStorage.getItem(name) ?? 'null');
      return kept && Date.parse(kept.expiresAt) > Date.now() ? kept : undefined;
    } catch {
      return undefined;
    }
  },
  keep(request: EmailRequest): void {
    try {
      sessionStorage.setItem(name, JSON.stringify(request));
    } catch {}
  },
  forget(): void {
    try {
      sessionStorage.removeItem(name);
    } catch {}
  },
};
