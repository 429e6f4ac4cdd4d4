import type { HttpResponse } from '../../../apimachinery/http.ts';
import { streamOf } from '../../../apimachinery/http.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { AuditEvent } from '../../audit/audit-event.ts';
import type { AuditPolicy, AuditStage, RequestAuditConfig } from '../../audit/policy.ts';
import type { UserInfo } from '../../authentication/user.ts';
import type { Handler, ServerRequest } from '../request.ts';
import { attributesOf } from './authorization-attributes.ts';
import { isLongRunning } from './long-running.ts';
import { observed } from './observed-stream.ts';

/** Where audit events go, and which of them. Models --audit-policy-file and --audit-log-path. */
export interface AuditBackend {
  readonly policy: AuditPolicy;
  /** Begins the record of a request; `user` is missing where nobody could be authenticated. */
  begin(request: ServerRequest, config: RequestAuditConfig, user: UserInfo | undefined): AuditEvent;
  /** Takes a line with its newline. */
  write(line: string): void;
}

/**
 * Writes down who did what, in the stages and as fully as the policy says. Without a backend requests go
 * their way untouched. Models endpoints/filters/audit.go WithAudit.
 */
export function withAuditLog(handler: Handler, backend: AuditBackend | undefined, clock: Clock): Handler {
  if (backend === undefined) return handler;
  return async (request) => {
    const event = eventOf(request, backend, request.user);
    if (event === undefined) return handler(request);
    const record = (stage: AuditStage) => write(backend, event, stage, clock.now());
    record('RequestReceived');
    let response: HttpResponse;
    try {
      response = await handler({
        ...request,
        trace: (step) => {
          event.note(step);
          request.trace(step);
        },
        annotate: (key, value) => event.annotate(key, value),
      });
    } catch (error) {
      event.refuse(500, 'InternalError', `APIServer panic'd: ${String(error)}`);
      record('Panic');
      throw error;
    }
    event.respond(response);
    if (isLongRunning(request.info)) record('ResponseStarted');
    const stream = streamOf(response);
    if (stream === undefined) {
      record('ResponseComplete');
      return response;
    }
    return { ...response, body: observed(stream, () => record('ResponseComplete')) };
  };
}

/** Writes down that nobody could be authenticated. Models WithFailedAuthenticationAudit. */
export function withFailedAuthenticationAudit(
  handler: Handler,
  backend: AuditBackend | undefined,
  clock: Clock,
): Handler {
  if (backend === undefined) return handler;
  return async (request) => {
    const response = await handler(request);
    const event = eventOf(request, backend, undefined);
    if (event !== undefined) {
      const methods = attemptedMethods(request);
      event.refuse(response.status, 'Unauthorized', `Authentication failed, attempted: ${methods}`);
      write(backend, event, 'ResponseStarted', clock.now());
    }
    return response;
  };
}

function eventOf(
  request: ServerRequest,
  { policy, begin }: AuditBackend,
  user: UserInfo | undefined,
): AuditEvent | undefined {
  const config = policy.evaluate(attributesOf({ ...request, user: user ?? { name: '', groups: [] } }));
  return config.level === 'None' ? undefined : begin(request, config, user);
}

function write(backend: AuditBackend, event: AuditEvent, stage: AuditStage, now: number): void {
  const line = event.line(stage, now);
  if (line !== undefined) backend.write(line);
}

function attemptedMethods({ http: { headers, certificate }, query }: ServerRequest): string {
  const [scheme = '', ...rest] = String(headers['authorization'] ?? '')
    .trim()
    .split(' ');
  return [
    ...(scheme.toLowerCase() === 'basic' ? ['basic'] : []),
    ...(scheme.toLowerCase() === 'bearer' && rest.length > 0 ? ['bearer'] : []),
    ...(query.get('access_token').trim() === '' ? [] : ['access_token']),
    ...(certificate === undefined ? [] : ['x509']),
  ].join(', ');
}
