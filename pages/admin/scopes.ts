import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** What whoever uses the console may do. The server decides; this only leaves away what would be refused. */
export const Scopes = createContext<readonly string[]>([]);

export function useMay(): (scope: string) => boolean {
  const scopes = useContext(Scopes);
  return (scope) => scopes.includes(scope);
}
