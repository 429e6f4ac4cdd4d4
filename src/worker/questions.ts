import { prettyJson } from './http-text.ts';
import type { Lab } from './lab.ts';
import type {
  Answer,
  ClusterView,
  EtcdKey,
  HistoryDigest,
  LineCompletion,
  NodeView,
  PodView,
  Question,
  StoredValue,
} from './protocol.ts';
import { historyDigest, pendingWork, summarizePod, toYaml } from './simulator.ts';

/** Every key there is. */
const EVERYTHING = { key: '\0', rangeEnd: '\0' };
const NODES = { key: '/registry/minions/', rangeEnd: '/registry/minions0' };
const PODS = { key: '/registry/pods/', rangeEnd: '/registry/pods0' };
/** How much simulated time a completion may take. */
const COMPLETION_LIMIT = 10_000;

/** Answers what the page asks of a lab; rejects with an EtcdError where etcd does. */
export async function answer(lab: Lab, question: Question): Promise<Answer> {
  switch (question.kind) {
    case 'value':
      return readValue(lab, question.key, question.revision);
    case 'keys':
      return readKeys(lab, question.revision);
    case 'changes':
      return lab.history.changes.slice(question.since);
    case 'cluster':
      return readCluster(lab, question.revision);
    case 'completion':
      return complete(lab, question.line, question.cursor);
    case 'manifest-problems':
    case 'manifest-completion':
    case 'manifest-hover':
      return answerAboutManifest(lab, question);
    case 'pending':
      return pending(lab);
    case 'digest':
      return digest(lab);
    case 'grade':
      return (await import('./grading.ts')).grade(lab);
  }
}

async function answerAboutManifest(
  { cluster }: Lab,
  question: Extract<Question, { readonly kind: `manifest-${string}` }>,
): Promise<Answer> {
  const { completeManifest, findProblems, hoverManifest, kindsOf } = await import('./manifest/index.ts');
  const kinds = await kindsOf(cluster.etcd);
  const { text } = question;
  switch (question.kind) {
    case 'manifest-problems':
      return findProblems(text, kinds);
    case 'manifest-completion':
      return completeManifest(text, question.offset, kinds);
    case 'manifest-hover':
      return hoverManifest(text, question.offset, kinds);
  }
}

/** A key as of `revision`; 0 for now. */
export async function readValue({ cluster }: Lab, key: string, revision: number): Promise<StoredValue> {
  const { kvs } = await cluster.etcd.get({ key }, { revision });
  const found = kvs[0];
  if (found === undefined) return { key, createRevision: 0, modRevision: 0, version: 0, lease: '0' };
  const yaml = await asYaml(found.value);
  return { ...found, value: prettyJson(found.value), ...(yaml !== undefined && { yaml }) };
}

/** An object as kubectl shows it: who manages which field is left out. */
async function asYaml(text: string): Promise<string | undefined> {
  let value: { metadata?: { managedFields?: unknown } } | undefined;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  delete value?.metadata?.managedFields;
  return toYaml(value);
}

async function readKeys({ cluster }: Lab, revision: number): Promise<readonly EtcdKey[]> {
  const { kvs } = await cluster.etcd.get(EVERYTHING, { revision, keysOnly: true });
  return kvs.map(({ key, createRevision, modRevision, version, lease }) => ({
    ...{ key, createRevision, modRevision, version, lease },
  }));
}

/** The parts of a Node that the picture shows. */
interface StoredNode {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
type StoredPod = Parameters<typeof summarizePod>[0];

async function readCluster({ cluster, history }: Lab, revision: number): Promise<ClusterView> {
  const { etcd, components } = cluster;
  const nodes = await etcd.get(NODES, { revision });
  const pods = await etcd.get(PODS, { revision });
  return {
    revision: revision === 0 ? history.revision : revision,
    nodes: nodes.kvs.map(({ value }) => nodeView(JSON.parse(value) as StoredNode)),
    pods: pods.kvs.map(({ value }) => podView(JSON.parse(value) as StoredPod)),
    components: components.list(),
  };
}

function nodeView({ metadata, spec, status }: StoredNode): NodeView {
  const ready = (status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
  return { name: metadata.name, ready, unschedulable: spec?.unschedulable ?? false };
}

function podView(pod: StoredPod): PodView {
  const { ready, total, reason } = summarizePod(pod);
  return {
    namespace: pod.metadata?.namespace ?? '',
    name: pod.metadata?.name ?? '',
    node: pod.spec?.nodeName ?? '',
    status: reason,
    ready: total > 0 && ready === total,
  };
}

async function complete(lab: Lab, line: string, cursor: number): Promise<LineCompletion> {
  return lab.until(lab.shell.complete(line, cursor), COMPLETION_LIMIT);
}

async function pending({ cluster, status }: Lab): Promise<Answer> {
  const start = cluster.clock.now() - status.time;
  const found = await pendingWork(cluster);
  return found.map((work) => (work.due === undefined ? work : { ...work, due: work.due - start }));
}

async function digest({ cluster, history, status }: Lab): Promise<HistoryDigest> {
  const { revision, time } = status;
  return { sha256: await historyDigest(cluster.etcd, history.first), revision, time };
}
