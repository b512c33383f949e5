import { useCallback, useEffect, useState } from 'preact/hooks';

export interface Loaded<Data> {
  /** Of the last load that went well: it stays while it is loaded again. */
  readonly data: Data | undefined;
  /** What the last load threw. */
  readonly problem: unknown;
  /** Loads again. */
  readonly reload: () => void;
}

/**
 * Loads something when a component is first rendered, and again when `keys` change. The answer to an
 * earlier question is dropped.
 */
export function useLoaded<Data>(
  load: () => Promise<Data>,
  keys: readonly unknown[] = [],
): Loaded<Data> {
  const [turn, setTurn] = useState(0);
  const [result, setResult] = useState<{ data?: Data; problem?: unknown }>({});
  useEffect(() => {
    let isWanted = true;
    load().then(
      (data) => isWanted && setResult({ data }),
      (problem: unknown) =>
        isWanted && setResult(({ data }) => ({ ...(data !== undefined && { data }), problem })),
    );
    return () => {
      isWanted = false;
    };
  }, [turn, ...keys]);
  return {
    data: result.data,
    problem: result.problem,
    reload: useCallback(() => setTurn((last) => last + 1), []),
  };
}
