import { ConnectionError } from '../../../../apimachinery/http.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { unknownError } from '../../../../apimachinery/status.ts';
import { column } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { ServerServices } from '../../rest/server-services.ts';
import type { VirtualResource } from '../../rest/subresource.ts';

/** What a component says of itself. */
interface Health {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly message?: string;
  readonly error?: string;
}

const ADDRESS = '127.0.0.1';

/** Asks a component that runs beside the server. Models validator.go HttpServer.DoServerCheck. */
const overHttp =
  (port: number) =>
  async ({ dial }: ServerServices): Promise<Health> => {
    const url = `https://${ADDRESS}:${port}/healthz`;
    const failed = (text: string): Health => ({ status: 'False', message: `Get "${url}": ${text}` });
    const refused = failed(`dial tcp ${ADDRESS}:${port}: connect: connection refused`);
    if (dial === undefined) return refused;
    try {
      const { status, body } = await dial(
        ADDRESS,
        port,
      )({ method: 'GET', path: '/healthz', headers: {}, body: '' });
      const text = typeof body === 'string' ? body : '';
      return status >= 200 && status < 400
        ? { status: 'True', message: text }
        : { status: 'False', message: `HTTP probe failed with statuscode: ${status}` };
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return error.reason === 'refused' ? refused : failed(error.message);
    }
  };

async function ofEtcd({ etcdHealth }: ServerServices): Promise<Health> {
  try {
    await etcdHealth();
    return { status: 'True', message: 'ok' };
  } catch (error) {
    return { status: 'False', error: (error as Error).message };
  }
}

/** Models pkg/registry/core/rest/storage_core.go serversToValidate. */
const SERVERS: Readonly<Record<string, (services: ServerServices) => Promise<Health>>> = {
  scheduler: overHttp(10259),
  'controller-manager': overHttp(10257),
  'etcd-0': ofEtcd,
};

async function statusOf(name: string, services: ServerServices): Promise<KubeObject> {
  const { status, message, error } = await SERVERS[name]!(services);
  return {
    kind: 'ComponentStatus',
    apiVersion: 'v1',
    metadata: { name, creationTimestamp: null as never },
    conditions: [
      {
        type: 'Healthy',
        status,
        ...(message && { message }),
        ...(error && { error }),
      },
    ],
  };
}

/** Models pkg/registry/core/componentstatus/rest.go. */
export const componentStatuses: VirtualResource = {
  get({ name, services }) {
    if (!Object.hasOwn(SERVERS, name)) {
      throw unknownError(`Component not found: ${name}`);
    }
    return statusOf(name, services);
  },
  async list({ services }) {
    const items = await Promise.all(Object.keys(SERVERS).map((name) => statusOf(name, services)));
    return { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items };
  },
};

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly error?: string;
}
const healthOf = ({ conditions }: KubeObject): Condition | undefined =>
  ((conditions ?? []) as Condition[]).find(({ type }) => type === 'Healthy');

export const componentStatusColumns: readonly TableColumn[] = [
  column('Status', 'string', 'Status of the component conditions', (object) => {
    const health = healthOf(object);
    if (health === undefined) return 'Unknown';
    return health.status === 'True' ? 'Healthy' : 'Unhealthy';
  }),
  column(
    'Message',
    'string',
    'Message of the component conditions',
    (object) => healthOf(object)?.message ?? '',
  ),
  column('Error', 'string', 'Error of the component conditions', (object) => healthOf(object)?.error ?? ''),
];
