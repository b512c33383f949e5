import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { Server, type ServerResponse } from 'node:http';
import pg from 'pg';
import { impatientSettings, setAll } from '../../src/db/session-settings.ts';

export interface RequestQueries {
  /** What the requests since the last time had to wait for, and nothing of what runs beside them. */
  readonly take: () => readonly string[];
  readonly stop: () => void;
}

/** Asked of each access token while the news of revocations is late, as on a machine that is too busy. */
const asksForStanding = /FROM sessions s WHERE s\.id = ANY/;

/** Said once to each connection: whether a request meets a new one depends on what else is running. */
const opensConnection = setAll(impatientSettings);

/** Hears the queries that requests to servers of this process send before they are answered. */
export function hearRequestQueries(): RequestQueries {
  const answers = new AsyncLocalStorage<ServerResponse>();
  const heard: string[] = [];
  const { emit } = Server.prototype;
  const { query } = pg.Client.prototype;
  const { connect } = pg.Pool.prototype;
  Server.prototype.emit = function emitInside(this: Server, ...args: unknown[]) {
    const pass = () => Reflect.apply(emit, this, args);
    return args[0] === 'request' ? answers.run(args[2] as ServerResponse, pass) : pass();
  } as typeof emit;
  // Who waits for a connection would go on in the name of whoever has given it back.
  pg.Pool.prototype.connect = function connectFor(this: pg.Pool, callback?: () => void) {
    return Reflect.apply(connect, this, callback ? [AsyncResource.bind(callback)] : []);
  } as typeof connect;
  pg.Client.prototype.query = function hear(this: pg.Client, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'string' ? first : (first as { text: string }).text;
    // What a request leaves to be done later has been answered by then.
    const isWaitedFor = answers.getStore()?.writableEnded === false;
    const isAsked = text !== opensConnection && !asksForStanding.test(text);
    if (isWaitedFor && isAsked) heard.push(text);
    return Reflect.apply(query, this, args);
  } as typeof query;
  return {
    take: () => heard.splice(0),
    stop() {
      Server.prototype.emit = emit;
      pg.Client.prototype.query = query;
      pg.Pool.prototype.connect = connect;
    },
  };
}
