import type { KubeObject } from '../apimachinery/object.ts';
import type { Lab } from './lab.ts';

const JOBS = '/apis/batch/v1/namespaces/default/jobs';

/** A Job of one busybox container that runs `command`; `pod` adds to the spec of its pods. */
export const job = (name: string, command: string, spec: object = {}, pod: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    ...spec,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', command] }],
        ...pod,
      },
    },
  },
});

/** What a lab's server says of its Jobs. */
export function jobsOf(lab: () => Lab) {
  const statusOf = async (name: string) => (await lab().get(`${JOBS}/${name}`))['status'];
  return {
    statusOf,
    /** "Failed=True DeadlineExceeded", one for each condition. */
    conditionsOf: async (name: string): Promise<string[]> =>
      ((await statusOf(name)).conditions ?? []).map(
        ({ type, status, reason }: KubeObject) => `${String(type)}=${String(status)} ${String(reason)}`,
      ),
    podsOf: async (name: string) =>
      (await lab().get(`/api/v1/namespaces/default/pods?labelSelector=job-name%3D${name}`))[
        'items'
      ] as KubeObject[],
  };
}
