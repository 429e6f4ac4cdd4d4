import type { HttpResponse } from '../../apimachinery/http.ts';
import { bodyText, headerOf } from '../../apimachinery/http.ts';
import type { Json, JsonObject } from '../../apimachinery/object.ts';
import { formatMicroTime } from '../../apimachinery/object.ts';
import type { RequestTraceEvent } from '../../apimachinery/trace.ts';
import type { UserInfo } from '../authentication/user.ts';
import type { ServerRequest } from '../endpoints/request.ts';
import type { AuditStage, RequestAuditConfig } from './policy.ts';

/** Longer user agents are cut. */
const MAX_USER_AGENT_LENGTH = 1024;
const TRUNCATED = '...TRUNCATED';

/**
 * What is written down of one request, filled in as it goes its way.
 * Models k8s.io/apiserver/pkg/apis/audit Event and audit/request.go.
 */
export class AuditEvent {
  readonly #request: ServerRequest;
  readonly #config: RequestAuditConfig;
  readonly #user: UserInfo | undefined;
  readonly #requestObject: Json | undefined;
  #impersonated: JsonObject | undefined;
  #responseStatus: JsonObject | undefined;
  #responseObject: Json | undefined;
  readonly #annotations: Record<string, string> = {};

  /** `user` is missing where nobody could be authenticated. */
  constructor(request: ServerRequest, config: RequestAuditConfig, user: UserInfo | undefined) {
    this.#request = request;
    this.#config = config;
    this.#user = user;
    this.#requestObject = jsonOf(bodyText(request.http));
  }

  /** What became of the request so far: the trace tells it. */
  note(event: RequestTraceEvent): void {
    switch (event.type) {
      case 'authorized':
        this.#decide('allow', event.reason);
        break;
      case 'authorization-failed':
        this.#decide('forbid', event.reason ?? '');
        break;
      case 'impersonated':
        this.#impersonated = userOf({ ...event, name: event.user });
        break;
    }
  }

  /** The answer as the client gets it. */
  respond({ status, body }: Pick<HttpResponse, 'status' | 'body'>): void {
    const object = typeof body === 'string' ? jsonOf(body) : undefined;
    const isStatus = isObject(object) && object['kind'] === 'Status';
    this.#responseStatus = isStatus ? statusOf(object, status) : { metadata: {}, code: status };
    this.#responseObject = object;
  }

  /** A refusal that no Status was written for yet. */
  refuse(code: number, reason: string, message: string): void {
    this.#responseStatus = { metadata: {}, status: 'Failure', message, reason, code };
  }

  /** The line for `stage`, at `now` in milliseconds; undefined if the policy leaves that stage out. */
  line(stage: AuditStage, now: number): string | undefined {
    const { level, omitStages } = this.#config;
    if (omitStages.has(stage)) return undefined;
    const { http, id, info, receivedAt } = this.#request;
    const answered = stage !== 'RequestReceived';
    const agent = headerOf(http.headers, 'user-agent') ?? '';
    const event = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level,
      auditID: id,
      stage,
      requestURI: http.path,
      verb: info.verb,
      user: this.#user === undefined ? {} : userOf(this.#user),
      impersonatedUser: this.#impersonated,
      sourceIPs: sourceIPs(this.#request),
      userAgent:
        agent.length > MAX_USER_AGENT_LENGTH
          ? agent.slice(0, MAX_USER_AGENT_LENGTH) + TRUNCATED
          : agent || undefined,
      objectRef: this.#objectRef(answered),
      responseStatus: this.#responseStatus,
      requestObject: answered && level !== 'Metadata' ? this.#clean(this.#requestObject) : undefined,
      responseObject: level === 'RequestResponse' ? this.#clean(this.#responseObject) : undefined,
      requestReceivedTimestamp: formatMicroTime(receivedAt),
      stageTimestamp: formatMicroTime(now),
      annotations: Object.keys(this.#annotations).length > 0 ? sorted(this.#annotations) : undefined,
    };
    return `${JSON.stringify(event)}\n`;
  }

  /** What was written first stays. Models audit.AddAuditAnnotation. */
  annotate(key: string, value: string): void {
    this.#annotations[key] ??= value;
  }

  #decide(decision: string, reason: string): void {
    this.#annotations['authorization.k8s.io/decision'] = decision;
    this.#annotations['authorization.k8s.io/reason'] = reason;
  }

  /** From the path, and once the body was read, from that. */
  #objectRef(answered: boolean): JsonObject | undefined {
    const { info } = this.#request;
    if (!info.isResourceRequest) return undefined;
    const body = answered && isObject(this.#requestObject) ? this.#requestObject['metadata'] : undefined;
    const metadata = isObject(body) ? body : {};
    return compact({
      resource: info.resource,
      namespace: info.namespace || metadata['namespace'],
      name: info.name || metadata['name'],
      uid: metadata['uid'],
      apiGroup: info.group,
      apiVersion: info.version,
      resourceVersion: metadata['resourceVersion'],
      subresource: info.subresource,
    });
  }

  #clean(object: Json | undefined): Json | undefined {
    return this.#config.omitManagedFields ? withoutManagedFields(object) : object;
  }
}

/** Go writes the keys of a map in order. */
const sorted = (annotations: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1)));

function userOf({ name, uid, groups, extra }: UserInfo): JsonObject {
  return {
    ...(name !== '' && { username: name }),
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(extra && Object.keys(extra).length > 0 && { extra: extra as JsonObject }),
  };
}

/** Proxies on the way first, as they say; then the other side of the connection. Models apimachinery util/net SourceIPs. */
function sourceIPs({ http: { headers, remoteAddress } }: ServerRequest): string[] {
  const forwarded = (headerOf(headers, 'x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  const real = (headerOf(headers, 'x-real-ip') ?? '').trim();
  const all = [...forwarded, real, remoteAddress ?? ''].filter((address) => /^[\d.]+$|:/.test(address));
  return [...new Set(all)];
}

function statusOf(status: JsonObject, code: number): JsonObject {
  const { metadata = {}, status: outcome, message, reason, details, code: own } = status;
  return compact({ metadata, status: outcome, message, reason, details, code: own ?? code });
}

function compact(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
}

function jsonOf(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of the object, or of each item of a list. */
function withoutManagedFields(object: Json | undefined): Json | undefined {
  if (!isObject(object)) return object;
  const { metadata, items } = object;
  const cleaned = { ...object };
  if (isObject(metadata)) {
    const { managedFields: _managedFields, ...rest } = metadata;
    cleaned['metadata'] = rest;
  }
  if (Array.isArray(items)) cleaned['items'] = items.map((item) => withoutManagedFields(item)!);
  return cleaned;
}
