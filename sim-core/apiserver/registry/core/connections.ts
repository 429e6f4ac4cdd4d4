import { checks } from '../checks.ts';
import type { Connection, Subresource } from '../rest/subresource.ts';

type Connect = Extract<Subresource, { handler: 'connect' }>;

/** A connection that is admitted before it is made: what does both is fetched as for a write. */
function connection(
  row: Pick<Connect, 'name' | 'methods' | 'takesPath'> & { readonly options: string },
  pick: (loaded: typeof checks.connections.loaded) => Connection,
): Subresource {
  const { options, ...rest } = row;
  return {
    handler: 'connect',
    ...rest,
    kind: { group: '', version: 'v1', kind: options },
    needs: [checks.connections],
    options: (context, path) => pick(checks.connections.loaded).options(context, path),
    connect: (request, path, context) => pick(checks.connections.loaded).connect(request, path, context),
  };
}

/** …/pods/{name}/exec. */
export const execSubresource = connection(
  { name: 'exec', options: 'PodExecOptions', methods: ['GET', 'POST'] },
  ({ exec }) => exec,
);

/** …/pods/{name}/attach. */
export const attachSubresource = connection(
  { name: 'attach', options: 'PodAttachOptions', methods: ['GET', 'POST'] },
  ({ attach }) => attach,
);

/** …/pods/{name}/portforward. */
export const portForwardSubresource = connection(
  { name: 'portforward', options: 'PodPortForwardOptions', methods: ['GET', 'POST'] },
  ({ portForward }) => portForward,
);

const PROXY = {
  name: 'proxy',
  takesPath: true,
  methods: ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'],
};

export const podProxySubresource = connection(
  { ...PROXY, options: 'PodProxyOptions' },
  ({ podProxy }) => podProxy,
);
export const serviceProxySubresource = connection(
  { ...PROXY, options: 'ServiceProxyOptions' },
  ({ serviceProxy }) => serviceProxy,
);
export const nodeProxySubresource = connection(
  { ...PROXY, options: 'NodeProxyOptions' },
  ({ nodeProxy }) => nodeProxy,
);
