import type { HttpResponse } from '../../../apimachinery/http.ts';
import { respondText } from '../../endpoints/handlers/response-writer.ts';
import type { ServerRequest } from '../../endpoints/request.ts';

/** One thing that must work; rejects with the reason if it does not. Models healthz.HealthChecker. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<void>;
}

/**
 * Answers /healthz, /livez and /readyz, with ?verbose and ?exclude=…, and one check by its name below them.
 * `checks` maps each of the three to its checks, in order. Undefined for other paths.
 *
 * Models k8s.io/apiserver/pkg/server/healthz.
 */
export async function answerHealth(
  request: ServerRequest,
  checks: Readonly<Record<string, readonly HealthCheck[]>>,
): Promise<HttpResponse | undefined> {
  const [endpoint = '', ...rest] = request.path.slice(1).split('/');
  if (!Object.hasOwn(checks, endpoint)) return undefined;
  const all = checks[endpoint]!;
  const name = rest.join('/');
  if (rest.length === 0) return overall(request, endpoint, all);
  const check = all.find((candidate) => candidate.name === name);
  if (check === undefined) return undefined;
  const complaint = await complaintOf(check);
  return complaint === undefined
    ? respondText(200, 'ok')
    : respondText(500, `internal server error: ${complaint}\n`);
}

async function overall(
  { query }: ServerRequest,
  endpoint: string,
  checks: readonly HealthCheck[],
): Promise<HttpResponse> {
  const excluded = new Set(query.all('exclude'));
  let lines = '';
  let failed = false;
  for (const check of checks) {
    if (excluded.delete(check.name)) {
      lines += `[+]${check.name} excluded: ok\n`;
    } else if ((await complaintOf(check)) === undefined) {
      lines += `[+]${check.name} ok\n`;
    } else {
      failed = true;
      lines += `[-]${check.name} failed: reason withheld\n`;
    }
  }
  if (excluded.size > 0) {
    const names = [...excluded].map((name) => JSON.stringify(name)).join(', ');
    lines += `warn: some health checks cannot be excluded: no matches for ${names}\n`;
  }
  if (failed) return respondText(500, `${lines}${endpoint} check failed\n`);
  return respondText(200, query.has('verbose') ? `${lines}${endpoint} check passed\n` : 'ok');
}

async function complaintOf(check: HealthCheck): Promise<string | undefined> {
  try {
    await check.check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
