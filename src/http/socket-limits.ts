/** Connections that one address, and one account, may hold open in this process. */
export interface SocketLimits {
  readonly perAddress: number;
  readonly perAccount: number;
}

export interface SocketCount {
  /** Takes a place for a connection under this name. @returns false when there is none left */
  readonly take: (name: string) => boolean;
  readonly giveBack: (name: string) => void;
}

/**
 * Attack: connections by the thousand, each of which costs memory for as long as its client likes,
 * and no request that a limit would count.
 */
export function createSocketCount(most: number): SocketCount {
  const open = new Map<string, number>();
  return {
    take(name) {
      const count = open.get(name) ?? 0;
      if (count >= most) return false;
      open.set(name, count + 1);
      return true;
    },
    giveBack(name) {
      const count = open.get(name) ?? 0;
      if (count <= 1) open.delete(name);
      else open.set(name, count - 1);
    },
  };
}
