import { useState } from 'preact/hooks';
import type { PaginationProps } from './pagination.tsx';

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

export interface Pages {
  /** Behind which the page begins; null for the first. */
  readonly after: string | null;
  /** What leads to the others, by what the server says of this one. */
  readonly ways: (info: PageInfo | undefined) => Pick<PaginationProps, 'onPrevious' | 'onNext'>;
}

/** The pages of a list that is read by cursor, of which each knows only the next. */
export function usePages(): Pages {
  // The cursors of the pages before this one.
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    after: cursors.at(-1) ?? null,
    ways(info) {
      const cursor = info?.hasNextPage ? info.endCursor : null;
      return {
        onPrevious: cursors.length > 0 ? () => setCursors(cursors.slice(0, -1)) : undefined,
        onNext: cursor ? () => setCursors([...cursors, cursor]) : undefined,
      };
    },
  };
}
