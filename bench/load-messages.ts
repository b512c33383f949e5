/** What the load process is asked for, and what it answers. */
export interface LoadRequest {
  readonly headers: Readonly<Record<string, string>>;
  /**
   * JSON, unless `headers` say otherwise. `{{token}}` is replaced where `tokens` are given. A request
   * without a body is a GET.
   */
  readonly body?: string;
  /**
   * Fields of the right answer; it may have others. Without them, only status 200, `data` and the
   * absence of errors count.
   */
  readonly expected?: Readonly<Record<string, unknown>>;
  /** An answer with this text in it is neither right nor wrong, and not counted. */
  readonly tolerated?: string;
}

export interface LoadTask {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly milliseconds: number;
  /** Goes on until so many were answered, three times as long at most. */
  readonly atLeast?: number;
  /**
   * Never sleeps, so that no answer has to wake its core: on a virtual machine that costs the server
   * more than a small answer does, and only a server that is slower than the load pays it.
   */
  readonly awake?: boolean;
  /** Sent in turn. */
  readonly requests: readonly LoadRequest[];
  /**
   * One-time tokens, each of which is exchanged for the next: a random one is put into the request,
   * and replaced by the one in its answer.
   */
  readonly tokens?: readonly string[];
  /** What the answer calls the next token; `refreshToken` unless it is given. */
  readonly tokenField?: string;
}

export interface LoadResult {
  readonly answered: number;
  /** Answers that were wrong, and connections that broke. */
  readonly wrong: number;
  /** The first of them. */
  readonly example: string | undefined;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The tokens as they are now. */
  readonly tokens?: readonly string[];
}
