import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { programFile } from '../../core/program-file.ts';
import type { PlannerMessage, PlanRequest, Supergraphs } from './planner-process.ts';

/** The process that plans, while it is needed. */
export interface PlannerChild {
  /** Starts it, if need be. @returns its answer; undefined when it died of the document */
  readonly ask: (request: PlanRequest) => Promise<PlannerMessage | undefined>;
  /** Starts it. @throws Error with the planner's words when it can't read the supergraph */
  readonly start: () => Promise<readonly number[]>;
}

/** Milliseconds that a process may take to start on a busy machine. */
const startLimit = 30_000;
/**
 * How long a document may take by the clock: so many times its budget, which is of processor time, as
 * others use the machine too; and milliseconds to notice its end.
 */
const patience = { times: 6, grace: 500 };
/** Milliseconds after its last plan that a process ends: without new documents there is none. */
const idleTime = 10_000;
/**
 * One process that plans for one graph, one document at a time: what it dies of is then known.
 *
 * Nothing of it keeps this process alive, and it ends when this process does.
 *
 * @param priority of the operating system: the higher, the later it has its turn
 */
export function createPlannerChild(supergraphs: Supergraphs, priority: number): PlannerChild {
  let running: ReturnType<typeof startChild> | undefined;
  let idle: NodeJS.Timeout | undefined;

  const start = () => {
    clearTimeout(idle);
    if (running) return running;
    const started = startChild(supergraphs, priority);
    const forget = () => {
      if (running === started) running = undefined;
    };
    started.then(({ child }) => child.once('exit', forget), forget);
    running = started;
    return started;
  };
  const rest = () => {
    const resting = running;
    idle = setTimeout(() => resting?.then(({ child }) => end(child)), idleTime).unref();
  };

  return {
    async ask(request) {
      const { child } = await start();
      const limit = request.budget * patience.times + patience.grace;
      const answer = await exchange(child, request, limit);
      if (typeof answer === 'object') {
        rest();
        return answer;
      }
      running = undefined;
      end(child);
      // It was dead before it had read the document: somebody else has ended it.
      if (answer === 'unread') return this.ask(request);
      return answer === 'silence' ? { kind: 'overrun' } : undefined;
    },
    async start() {
      const { percentages } = await start();
      rest();
      return percentages;
    },
  };
}

async function startChild(supergraphs: Supergraphs, priority: number) {
  const { path, loader } = programFile(import.meta.url, 'planner-process');
  const child = fork(path, [], {
    execArgv: [...loader],
    // It needs nothing of what the environment holds, secrets least of all.
    env: {},
    // What a panic writes there is long, and quotes the document.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  child.on('error', () => {});
  if (child.pid !== undefined) lowerPriority(child.pid, priority);
  const answer = await exchange(child, supergraphs, startLimit);
  if (typeof answer === 'object' && answer.kind === 'ready') {
    return { child, percentages: answer.percentages };
  }
  end(child);
  const isRefusal = typeof answer === 'object' && answer.kind === 'refused';
  throw new Error(isRefusal ? answer.message : 'The planner could not read the supergraph.');
}

/**
 * @returns undefined when the process ends, `unread` when it does before it has read the message, and
 * `silence` when it does not answer in time
 */
function exchange(
  child: ChildProcess,
  message: Supergraphs | PlanRequest,
  limit: number,
): Promise<PlannerMessage | 'silence' | 'unread' | undefined> {
  return new Promise((resolve) => {
    let isRead = false;
    const finish = (answer: PlannerMessage | 'silence' | 'unread' | undefined) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onExit);
      child.channel?.unref();
      resolve(answer);
    };
    const onMessage = (answer: PlannerMessage) => {
      if (answer.kind === 'begun') isRead = true;
      else finish(answer);
    };
    const onExit = () => finish(isRead ? undefined : 'unread');
    const timer = setTimeout(() => finish('silence'), limit);
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.once('error', onExit);
    // Somebody waits for this.
    child.channel?.ref();
    if (child.connected) child.send(message, (error) => error && onExit());
    else onExit();
  });
}

function end(child: ChildProcess): void {
  child.kill('SIGKILL');
}

function lowerPriority(pid: number, priority: number): void {
  try {
    setPriority(pid, priority);
  } catch {
    // It has ended already, or the system knows no priorities: then it plans as it is.
  }
}
