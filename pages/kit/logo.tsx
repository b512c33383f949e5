import { settings } from './settings.ts';

/** The operator's picture, else a gate. The name stands beside it, so it has no text of its own. */
export function Logo() {
  if (settings.logo !== null) return <img src={settings.logo} alt="" />;
  return (
    <svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="3" aria-hidden="true">
      <path d="M5 28V15a11 11 0 0 1 22 0v13" stroke-linecap="round" />
      <path d="M12 28V16a4 4 0 0 1 8 0v12" stroke-linecap="round" opacity="0.55" />
    </svg>
  );
}
