import pg from 'pg';

export interface QueryCounter {
  /** What was sent to any database since the last time it was asked, but for work in the background. */
  readonly take: () => readonly string[];
  readonly stop: () => void;
}

/** What every process does now and then, whoever asks for what. */
const background = [
  /^SELECT 1$/, // the listener's heartbeat
  /notable_at >= /, // the catch-up of revocations,
  /FROM "signing_keys"/, // of keys
  /^WITH due AS/, // the look for mails to send
];

/** Hears every query of this process on connections made from now on, whichever gateway sends it. */
export function countQueries(): QueryCounter {
  const original = pg.Client.prototype.query;
  const heard: string[] = [];
  pg.Client.prototype.query = function query(this: pg.Client, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'string' ? first : (first as { text: string }).text;
    if (!background.some((each) => each.test(text))) heard.push(text);
    return Reflect.apply(original, this, args);
  } as typeof original;
  return {
    take: () => heard.splice(0),
    stop() {
      pg.Client.prototype.query = original;
    },
  };
}
