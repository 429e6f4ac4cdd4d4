import type { Pod } from 'kubernetes-types/core/v1';
import type { HttpRequest, HttpResponse } from '../../../../apimachinery/http.ts';
import { headerOf } from '../../../../apimachinery/http.ts';
import { unsignedComplaint } from '../../../../apimachinery/go-numbers.ts';
import type { JsonObject } from '../../../../apimachinery/object.ts';
import { badRequestError } from '../../../../apimachinery/status.ts';
import { booleanOption } from '../../rest/boolean-option.ts';
import type { Connection, SubresourceContext } from '../../rest/subresource.ts';
import { kubeletOf } from '../node/kubelet-location.ts';
import { resolveContainer } from './container-name.ts';

/** Ports are read as unsigned numbers of so many bits. */
const PORT_BITS = 16;

/** Options of a stream by their name at the apiserver and at the kubelet. */
const STREAMS = [
  ['stdin', 'input'],
  ['stdout', 'output'],
  ['stderr', 'error'],
  ['tty', 'tty'],
] as const;

/** Models pkg/registry/core/pod/rest/subresources.go ExecREST and strategy.go ExecLocation. */
export const exec: Connection = {
  options: (context) => ({ ...streamOptions(context), command: [...context.query('command')] }),
  connect: (request, _path, context) => {
    const command = context.query('command').map((word) => `command=${encodeURIComponent(word)}`);
    return streamTo('exec', request, context, command);
  },
};

/** Models AttachREST. */
export const attach: Connection = {
  options: streamOptions,
  connect: (request, _path, context) => streamTo('attach', request, context, []),
};

/** GET …/pods/{name}/portforward: an upgrade, after which the kubelet takes over. Models PortForwardREST. */
export const portForward: Connection = {
  options(context): JsonObject {
    const texts = context.query('ports');
    for (const text of texts) {
      const complaint = unsignedComplaint(text, PORT_BITS);
      if (complaint !== undefined) throw badRequestError(`cannot convert to []int32: ${complaint}`);
    }
    return texts.length === 0 ? {} : { ports: texts.map(Number) };
  },
  async connect(request, _path, context) {
    const askKubelet = await kubeletOf(nodeOf(await podOf(context)), context);
    requireUpgrade(request);
    return askKubelet(`/portForward/${context.namespace}/${context.name}`, {
      method: 'POST',
      headers: request.headers,
      body: '',
    });
  },
};

/** Fields of PodExecOptions and PodAttachOptions. */
function streamOptions(context: SubresourceContext): JsonObject {
  const container = context.query('container')[0] ?? '';
  const on = STREAMS.map(([name]) => name).filter((name) => isOn(context, name));
  return {
    ...Object.fromEntries(on.map((name) => [name, true])),
    ...(container !== '' && { container }),
  };
}

const isOn = (context: SubresourceContext, name: string) => booleanOption(context.query(name)[0]);

async function streamTo(
  what: 'exec' | 'attach',
  request: HttpRequest,
  context: SubresourceContext,
  command: readonly string[],
): Promise<HttpResponse> {
  const pod = await podOf(context);
  const container = resolveContainer(context.query('container')[0] ?? '', pod);
  const askKubelet = await kubeletOf(nodeOf(pod), context);
  requireUpgrade(request);
  const streams = STREAMS.filter(([name]) => isOn(context, name)).map(([, name]) => `${name}=1`);
  if (!['stdin', 'stdout', 'stderr'].some((name) => isOn(context, name))) {
    throw badRequestError('you must specify at least 1 of stdin, stdout, stderr');
  }
  const query = [...command, ...streams.sort()].join('&');
  return askKubelet(`/${what}/${context.namespace}/${context.name}/${container}?${query}`, {
    method: 'POST',
    headers: request.headers,
    body: request.body,
    ...(request.messages !== undefined && { messages: request.messages }),
  });
}

/** Models proxy.UpgradeAwareHandler with UpgradeRequired. */
function requireUpgrade({ headers }: HttpRequest): void {
  if (headerOf(headers, 'upgrade') === undefined) throw badRequestError('Upgrade request required');
}

async function podOf(context: SubresourceContext): Promise<Pod> {
  return (await context.store.get(context.name, context)) as unknown as Pod;
}

/** The pod's node. Throws a 400 if it has none. */
function nodeOf(pod: Pod): string {
  const node = pod.spec?.nodeName;
  if (!node) throw badRequestError(`pod ${pod.metadata?.name ?? ''} does not have a host assigned`);
  return node;
}
