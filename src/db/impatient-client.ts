import pg from 'pg';

export interface Impatience {
  /** Milliseconds that connecting may take. */
  readonly connect: number;
  /** Milliseconds that the server may take for one answer. */
  readonly answer: number;
  /** Told when it took longer. */
  readonly onSilence: () => void;
}

/** The server did not answer in time. It may still do what it was asked. */
export class DatabaseSilent extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super('The database did not answer in time.');
  }
}

/**
 * Makes clients whose connection ends with the first answer that does not come in time. pg's own
 * `query_timeout` fails the call alone: the connection goes back to the pool with an answer still to
 * come, and whoever takes it next waits behind that one.
 */
export function impatientClient({ connect, answer, onSilence }: Impatience): typeof pg.Client {
  return class ImpatientClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      const given = typeof config === 'string' ? { connectionString: config } : config;
      super({ ...given, connectionTimeoutMillis: connect });
      // A connection that ends this way says so twice, and the second time nobody may be listening.
      this.on('error', () => {});
      const send = this.query.bind(this) as (...call: unknown[]) => unknown;
      const watched = (...call: unknown[]) => {
        const timer = setTimeout(() => {
          onSilence();
          this.connection.stream.destroy(new DatabaseSilent());
        }, answer);
        const answered = () => clearTimeout(timer);
        const callback = call.at(-1);
        if (typeof callback === 'function') {
          return send(...call.slice(0, -1), (...results: unknown[]) => {
            answered();
            callback(...results);
          });
        }
        const result = send(...call) as Promise<unknown>;
        void result.then(answered, answered);
        return result;
      };
      this.query = watched as typeof this.query;
    }
  };
}
