/** What a map may hold in each of its two generations. */
export interface RecentMapLimits {
  readonly entries: number;
  /** Of all keys together. */
  readonly characters: number;
}

/**
 * Keeps what was used lately, up to twice the limits: when the younger generation is full it becomes
 * the older one, and what that was is forgotten.
 *
 * Attack: keys that never repeat, sent to make the process grow or to empty it of what others use. A
 * map that is emptied when it is full loses everything at once; here what is in use moves along.
 */
export class RecentMap<Value> {
  readonly #limits: RecentMapLimits;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #characters = 0;

  constructor(limits: RecentMapLimits) {
    this.#limits = limits;
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: Value): void {
    const { entries, characters } = this.#limits;
    if (this.#young.size >= entries || this.#characters + key.length > characters) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#characters = 0;
    }
    if (!this.#young.has(key)) this.#characters += key.length;
    this.#young.set(key, value);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#characters = 0;
  }
}
