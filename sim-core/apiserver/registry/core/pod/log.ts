import type { Pod } from 'kubernetes-types/core/v1';
import type { HttpResponse } from '../../../../apimachinery/http.ts';
import { badRequestError, internalError, StatusError } from '../../../../apimachinery/status.ts';
import type { Subresource } from '../../rest/subresource.ts';
import { askKubelet } from '../node/kubelet-location.ts';
import { resolveContainer } from './container-name.ts';

/** Options that the kubelet takes as they come. */
const OPTIONS = [
  'follow',
  'previous',
  'timestamps',
  'sinceSeconds',
  'sinceTime',
  'tailLines',
  'limitBytes',
  'stream',
];

/** GET …/pods/{name}/log. Models pkg/registry/core/pod/rest/log.go and strategy.go LogLocation. */
export const logSubresource: Subresource = {
  handler: 'connect',
  name: 'log',
  methods: ['GET'],
  produces: ['text/plain', 'application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'],
  async connect(request, _path, context) {
    const object = await context.store.get(context.name, context);
    const pod = object as unknown as Pod;
    const container = resolveContainer(context.query('container')[0] ?? '', pod);
    const node = pod.spec?.nodeName;
    // Nothing ran anywhere yet, so nothing was said.
    if (!node) return { status: 204, headers: {}, body: '' };
    const query = OPTIONS.flatMap((option) =>
      context.query(option).map((value) => `${option}=${encodeURIComponent(value)}`),
    ).join('&');
    const path = `/containerLogs/${context.namespace}/${context.name}/${container}${query && `?${query}`}`;
    const response = await askKubelet(
      node,
      path,
      { method: 'GET', headers: request.headers, body: '' },
      context,
    );
    if (response.status >= 200 && response.status < 300) {
      return { status: 200, headers: { 'content-type': 'text/plain' }, body: response.body };
    }
    throw kubeletError(response.status, await textOf(response), context.name);
  },
};

async function textOf({ body }: HttpResponse): Promise<string> {
  if (typeof body === 'string') return body;
  let text = '';
  for await (const piece of body) text += piece;
  return text;
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
