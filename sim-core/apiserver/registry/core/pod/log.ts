import type { Pod } from 'kubernetes-types/core/v1';
import type { HttpRequest, HttpResponse } from '../../../../apimachinery/http.ts';
import { signedComplaint } from '../../../../apimachinery/go-numbers.ts';
import { wholeBody } from '../../../../apimachinery/http.ts';
import { normalizeTime, TimeError } from '../../../../apimachinery/json/time.ts';
import {
  badRequestError,
  internalError,
  invalidError,
  StatusError,
} from '../../../../apimachinery/status.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  GoLiteral,
  invalid,
  notSupported,
} from '../../../../apimachinery/validation/field-error.ts';
import type { SubresourceContext } from '../../rest/subresource.ts';
import { booleanOption } from '../../rest/boolean-option.ts';
import { kubeletOf } from '../node/kubelet-location.ts';
import { resolveContainer } from './container-name.ts';

/** Values of options as the kubelet is asked for them, in its order; those that are missing are not there. */
type LogOptions = ReadonlyMap<string, string>;

/** How an option is read. Each throws with Go's words what it cannot read; undefined is "as if not given". */
const READ: Readonly<Record<string, (context: SubresourceContext, name: string) => string | undefined>> = {
  follow: flag,
  limitBytes: integer,
  previous: flag,
  sinceSeconds: integer,
  sinceTime: time,
  stream: (context, name) => context.query(name)[0],
  tailLines: integer,
  timestamps: flag,
};

function flag(context: SubresourceContext, name: string): string | undefined {
  return booleanOption(context.query(name)[0]) ? 'true' : undefined;
}

function integer(context: SubresourceContext, name: string): string | undefined {
  const text = context.query(name)[0];
  const complaint = text === undefined ? undefined : signedComplaint(text);
  if (complaint !== undefined) throw badRequestError(complaint);
  return text === undefined ? undefined : String(BigInt(text));
}

function time(context: SubresourceContext, name: string): string | undefined {
  const text = context.query(name)[0] ?? '';
  if (text === '') return undefined;
  try {
    return normalizeTime(text, 'second');
  } catch (error) {
    if (error instanceof TimeError) throw badRequestError(error.message);
    throw error;
  }
}

/** Rejects with 400 for what cannot be read and 422 for what makes no sense. */
function logOptions(context: SubresourceContext): LogOptions {
  const options = new Map<string, string>();
  for (const [name, read] of Object.entries(READ)) {
    const value = read(context, name);
    if (value !== undefined) options.set(name, value);
  }
  const errors = validateLogOptions(options);
  if (errors.length > 0) throw invalidError({ group: '', kind: 'PodLogOptions' }, context.name, errors);
  return options;
}

const STREAMS = ['All', 'Stderr', 'Stdout'];

/** Models pkg/apis/core/validation ValidatePodLogOptions. */
function validateLogOptions(options: LogOptions): FieldError[] {
  const errors: FieldError[] = [];
  const below = (name: string, least: number, detail: string) => {
    const text = options.get(name);
    if (text !== undefined && Number(text) < least) errors.push(invalid(name, new GoLiteral(text), detail));
  };
  below('tailLines', 0, 'must be greater than or equal to 0');
  below('limitBytes', 1, 'must be greater than 0');
  if (options.has('sinceSeconds') && options.has('sinceTime')) {
    errors.push(forbidden('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else {
    below('sinceSeconds', 1, 'must be greater than 0');
  }
  const stream = options.get('stream');
  if (stream === undefined) return errors;
  if (!STREAMS.includes(stream)) errors.push(notSupported('stream', stream, STREAMS));
  if (stream !== 'All' && options.has('tailLines')) {
    errors.push(forbidden('[]', '`tailLines` and specific `stream` are mutually exclusive for now'));
  }
  return errors;
}

/** GET …/pods/{name}/log. Models pkg/registry/core/pod/rest/log.go and strategy.go LogLocation. */
export async function podLog(request: HttpRequest, context: SubresourceContext): Promise<HttpResponse> {
  const options = logOptions(context);
  const object = await context.store.get(context.name, context);
  const pod = object as unknown as Pod;
  const container = resolveContainer(context.query('container')[0] ?? '', pod);
  const node = pod.spec?.nodeName;
  // Nothing ran anywhere yet, so nothing was said.
  if (!node) return { status: 204, headers: {}, body: '' };
  const askKubelet = await kubeletOf(node, context);
  const query = [...options].map(([option, value]) => `${option}=${encodeURIComponent(value)}`).join('&');
  const path = `/containerLogs/${context.namespace}/${context.name}/${container}${query && `?${query}`}`;
  const response = await askKubelet(path, { method: 'GET', headers: request.headers, body: '' });
  if (response.status >= 200 && response.status < 300) {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: response.body };
  }
  throw kubeletError(response.status, await wholeBody(response), context.name);
}

/** Models k8s.io/apiserver/pkg/registry/generic/rest GenericHttpResponseChecker. */
function kubeletError(status: number, text: string, pod: string): StatusError {
  if (status === 500) return internalError(text);
  if (status === 400) return badRequestError(text);
  const details = { name: pod, kind: 'pods/log' };
  return status === 404
    ? new StatusError(
        404,
        'NotFound',
        `the server could not find the requested resource ( pods/log ${pod})`,
        details,
      )
    : new StatusError(status, 'Unknown', text, details);
}
