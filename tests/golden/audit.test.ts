import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TraceEvent } from '../../sim-core/apimachinery/trace.ts';
import type { Cluster } from '../../sim-core/cluster/cluster.ts';
import { createCluster } from '../../sim-core/cluster/create-cluster.ts';
import { settle } from '../../sim-core/testing/settle.ts';

interface RecordedRequest {
  readonly user: string;
  readonly verb: string;
  readonly resource: string;
  readonly name?: string;
  readonly code: number;
}
interface Trail {
  readonly command: string;
  readonly requests: readonly RecordedRequest[];
}

const { recordedFrom: _recordedFrom, ...trails } = JSON.parse(
  readFileSync(new URL('./recordings/audit/trail.json', import.meta.url), 'utf8'),
) as { recordedFrom: unknown } & Record<string, Trail>;

/** What the recording leaves out. */
const LEFT_OUT = ['nodes', 'leases'];
/** How long the cluster works after each command. */
const WORK_MS = 6000;

/** Who did what: one line per request, a line that repeats counts once, names of a run taken out. */
function linesByUser(requests: readonly RecordedRequest[]): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const { user, verb, resource, name, code } of requests) {
    if (code >= 400) continue;
    const who = user.replace(/node0\d/, 'node');
    const isNew = verb === 'create' && !resource.includes('/');
    const line = `${verb} ${resource} ${isNew ? '' : plainName(name ?? '')}`;
    const known = lines.get(who) ?? [];
    lines.set(who, known);
    if (!known.includes(line)) known.push(line);
  }
  return lines;
}

function plainName(name: string): string {
  return name.replace(/-[0-9a-f]{8,10}(-|$)/, '-<hash>$1').replace(/-[a-z0-9]{5}$/, '-<id>');
}

/** The requests of a stretch of the trace, in the order in which they were answered. */
function requestsOf(events: readonly TraceEvent[]): RecordedRequest[] {
  const received = new Map<string, TraceEvent & { type: 'request-received' }>();
  const users = new Map<string, string>();
  const requests: RecordedRequest[] = [];
  for (const event of events) {
    const id = event.request ?? '';
    if (event.type === 'request-received') received.set(id, event);
    else if (event.type === 'authenticated') users.set(id, event.user);
    else if (event.type === 'responded') {
      const { verb = '', object, path = '' } = received.get(id) ?? {};
      if (object === undefined || verb === 'watch' || LEFT_OUT.includes(object.resource)) continue;
      const selected = /fieldSelector=metadata\.name%3D([^&]+)/.exec(path)?.[1];
      requests.push({
        user: users.get(id) ?? '',
        verb,
        resource: `${object.resource}${object.subresource === undefined ? '' : `/${object.subresource}`}`,
        name: object.name ?? selected ?? '',
        code: event.status,
      });
    }
  }
  return requests;
}

test('each user makes the requests of the real audit trail, in its order', async () => {
  const cluster: Cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
  // The recording began on a cluster whose components had made their lists.
  await cluster.clock.untilQuiet(1000);
  const shell = cluster.openShell();
  for (const [name, { command, requests }] of Object.entries(trails)) {
    const last = cluster.trace.at(-1)!.sequence;
    await cluster.clock.until(shell.run(command));
    await cluster.clock.advance(WORK_MS);
    const made = linesByUser(requestsOf(cluster.trace.filter(({ sequence }) => sequence > last)));
    for (const [user, lines] of linesByUser(requests)) {
      // The apiserver's own reads stay inside of it here.
      if (user === 'system:apiserver') continue;
      // The recording's kubelets wrote no events.
      const own = (made.get(user) ?? []).filter(
        (line) => !(user.startsWith('system:node:') && line.includes(' events ')),
      );
      expect(own, `${name}: ${user}`).toEqual(lines);
    }
  }
});
