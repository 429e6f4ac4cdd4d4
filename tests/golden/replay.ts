import type { HttpHandler, HttpResponse, HttpStream } from '../../sim-core/apimachinery/http.ts';
import type { Certificate } from '../../sim-core/crypto/x509/certificate.ts';
import type { Answer, Scenario, Step } from './recording.ts';

/** What a replay needs of a clock: simulated for our server, the machine's for a real one. */
interface ReplayClock {
  now(): number;
  /** Lets `ms` milliseconds pass. */
  advance(ms: number): Promise<void>;
  /** Lets time pass up to `time`. */
  advanceTo(time: number): Promise<void>;
  /** Lets time pass until the promise settles. */
  until<T>(promise: Promise<T>): Promise<T>;
}

/** The server that a scenario runs against. */
export interface Target {
  readonly clock: ReplayClock;
  readonly handle: HttpHandler;
  /** The administrator's certificate; a real server's handler brings its own. */
  readonly admin: Certificate;
}

const COMPARED_HEADERS = ['content-type', 'warning', 'retry-after', 'location', 'allow', 'www-authenticate'];
/** How long a watch is open before the first step during it, and between two of them. */
const WATCH_LEAD_MS = 300;
const WATCH_STEP_MS = 60;
const COLLECT_MS = 1500;
const POLL_MS = 100;

/** Runs a scenario's steps in order, on simulated time, and gives the answers. */
export async function replay(target: Target, scenario: Scenario): Promise<Answer[]> {
  const seen = new Map<string, unknown>();
  const answers: Answer[] = [];
  for (const step of scenario.steps) answers.push(await runStep(target, step, seen));
  return answers;
}

async function runStep(target: Target, recorded: Step, seen: Map<string, unknown>): Promise<Answer> {
  if (recorded.waitMs !== undefined) await target.clock.advance(recorded.waitMs);
  const { response: _response, watch, ...rest } = recorded;
  const step = fill(rest, seen) as Step;
  if (watch !== undefined) return runWatch(target, step, watch, seen);
  let answer = await ask(target, step);
  if (step.until !== undefined) {
    const end = target.clock.now() + (step.until.withinMs ?? 30_000);
    while (String(dig(answer.body, step.until.field)) !== String(step.until.is) && target.clock.now() < end) {
      await target.clock.advance(POLL_MS);
      answer = await ask(target, step);
    }
  }
  if (recorded.id !== undefined) seen.set(recorded.id, answer.body);
  return answer;
}

/** Opens the watch, runs the inner steps, then reads what the watch said. */
async function runWatch(
  target: Target,
  step: Step,
  { during = [], collectMs = COLLECT_MS }: NonNullable<Step['watch']>,
  seen: Map<string, unknown>,
): Promise<Answer> {
  const { clock } = target;
  const end = clock.now() + collectMs;
  const response = await clock.until(target.handle(requestOf(target, step)));
  const collected = collect(response.body);
  await clock.advance(WATCH_LEAD_MS);
  const inner: Answer[] = [];
  for (const innerStep of during) {
    inner.push(await runStep(target, innerStep, seen));
    await clock.advance(WATCH_STEP_MS);
  }
  await clock.advanceTo(Math.max(end, clock.now()));
  const text = await collected.stop();
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parse(line, 'json'));
  return { status: response.status, headers: comparedHeaders(response), events, during: inner };
}

function collect(body: string | HttpStream): { stop(): Promise<string> } {
  if (typeof body === 'string') return { stop: () => Promise.resolve(body) };
  let text = '';
  const reading = (async () => {
    for await (const piece of body) text += piece;
  })();
  return {
    async stop() {
      body.cancel();
      await reading;
      return text;
    },
  };
}

async function ask(target: Target, step: Step): Promise<Answer> {
  const response = await target.clock.until(target.handle(requestOf(target, step)));
  const text = typeof response.body === 'string' ? response.body : await collect(response.body).stop();
  const headers = comparedHeaders(response);
  return { status: response.status, headers, body: parse(text, headers['content-type'] ?? '') };
}

function requestOf({ admin }: Target, step: Step) {
  const isAnonymous = step.as === 'anonymous' || step.headers?.['Authorization'] !== undefined;
  const headers: Record<string, string | readonly string[]> = {
    accept: step.accept ?? 'application/json',
    'user-agent': 'golden/1.0',
  };
  for (const [name, value] of Object.entries(step.headers ?? {})) headers[name.toLowerCase()] = value;
  if (step.raw !== undefined || step.body !== undefined) {
    headers['content-type'] = step.type ?? 'application/json';
  }
  if (step.as !== undefined && step.as !== 'anonymous' && step.as !== 'admin') {
    const [user, ...groups] = step.as.split('|');
    headers['impersonate-user'] = user!;
    if (groups.length > 0) headers['impersonate-group'] = groups;
  }
  return {
    method: step.method,
    path: step.path,
    headers,
    body: step.raw ?? (step.body === undefined ? '' : JSON.stringify(step.body)),
    remoteAddress: '192.0.2.1',
    ...(!isAnonymous && { certificate: admin }),
  };
}

function comparedHeaders({ headers }: HttpResponse): Record<string, string> {
  return Object.fromEntries(
    COMPARED_HEADERS.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]];
    }),
  );
}

function parse(text: string, contentType: string): unknown {
  if (!contentType.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Puts values of earlier answers in place of {{id.path.to.field}}. */
function fill(value: unknown, seen: ReadonlyMap<string, unknown>): unknown {
  const valueOf = (reference: string) => {
    const dot = reference.indexOf('.');
    return dig(seen.get(reference.slice(0, dot)), reference.slice(dot + 1));
  };
  if (typeof value === 'string') {
    const whole = /^\{\{([^}]+)\}\}$/.exec(value);
    if (whole !== null) return valueOf(whole[1]!);
    return value.replace(/\{\{([^}]+)\}\}/g, (_, reference: string) =>
      encodeURIComponent(String(valueOf(reference))),
    );
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, seen));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, fill(field, seen)]));
  }
  return value;
}

function dig(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value);
}
