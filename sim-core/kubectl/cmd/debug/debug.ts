import type { KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import { type DebugContainer, profileOf, secured } from './profiles.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { isImageReference } from '../../util/image-reference.ts';
import { randomSuffix } from '../../util/random-suffix.ts';
import { fetchTarget, resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { parseEnvironment } from '../../util/pairs.ts';
import { MAPPINGS } from '../create/mappings.ts';
import { attachTo, showLog } from '../exec/streams.ts';
import { untilObject } from '../../util/until.ts';

/** How long a container may take to start, in simulated milliseconds. */
const START_TIMEOUT = 60_000;

/** Models pkg/cmd/debug. */
export const debug: CommandDefinition = {
  name: 'debug',
  use: '(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ] [options]',
  short: 'Create debugging sessions for troubleshooting workloads and nodes',
  flags: [
    { name: 'arguments-only', type: 'bool', default: 'false' },
    { name: 'attach', type: 'bool', default: 'false' },
    { name: 'container', shorthand: 'c', type: 'string' },
    { name: 'copy-to', type: 'string' },
    { name: 'custom', type: 'string' },
    { name: 'env', type: 'map', default: '[]' },
    { name: 'filename', shorthand: 'f', type: 'stringSlice' },
    { name: 'image', type: 'string' },
    { name: 'image-pull-policy', type: 'string' },
    { name: 'keep-annotations', type: 'bool', default: 'false' },
    { name: 'keep-init-containers', type: 'bool', default: 'true' },
    { name: 'keep-labels', type: 'bool', default: 'false' },
    { name: 'keep-liveness', type: 'bool', default: 'false' },
    { name: 'keep-readiness', type: 'bool', default: 'false' },
    { name: 'keep-startup', type: 'bool', default: 'false' },
    { name: 'profile', type: 'string', default: 'general' },
    { name: 'quiet', shorthand: 'q', type: 'bool', default: 'false' },
    { name: 'replace', type: 'bool', default: 'false' },
    { name: 'same-node', type: 'bool', default: 'false' },
    { name: 'set-image', type: 'map', default: '[]' },
    { name: 'share-processes', type: 'bool', default: 'true' },
    { name: 'stdin', shorthand: 'i', type: 'bool', default: 'false' },
    { name: 'target', type: 'string' },
    { name: 'tty', shorthand: 't', type: 'bool', default: 'false' },
  ],
  async run(invocation, { args, dashAt, flags }) {
    const names = dashAt < 0 ? args : args.slice(0, dashAt);
    const command = dashAt < 0 ? [] : args.slice(dashAt);
    const copyTo = flags.string('copy-to');
    checkImages(flags, copyTo);
    if (names.length === 0) throw new Error('NAME or filename is required for debug');
    if (flags.bool('tty') && !flags.bool('stdin'))
      throw new Error('-i/--stdin is required for containers with -t/--tty=true');
    if (flags.string('target') !== '' && copyTo !== '')
      throw new Error('--target is incompatible with --copy-to. Use --share-processes instead.');
    const { targets } = await resolveTargets(invocation, names, {
      allowEmptySelector: false,
      defaultResource: 'pods',
    });
    for (const target of targets) {
      const [info] = await fetchTarget(invocation, target, { chunkSize: 0 });
      const { object, mapping } = info!;
      if (mapping.kind === 'Node') await debugNode(invocation, object, command, flags);
      else if (mapping.kind !== 'Pod') {
        throw new Error(
          `${JSON.stringify(`${mapping.group}/${mapping.version}, Kind=${mapping.kind}`)} not supported by debug`,
        );
      } else if (copyTo !== '') await debugCopy(invocation, object, copyTo, command, flags);
      else await debugPod(invocation, object, command, flags);
    }
    return 0;
  },
};

/** Models DebugOptions.Validate. */
function checkImages(flags: FlagSet, copyTo: string): void {
  const image = flags.string('image');
  if (copyTo === '') {
    for (const name of ['replace', 'same-node'])
      if (flags.bool(name)) throw new Error(`--${name} may only be used with --copy-to.`);
    if (flags.list('set-image').some((pair) => pair !== '[]'))
      throw new Error('--set-image may only be used with --copy-to.');
    if (image === '') throw new Error('you must specify --image when not using --copy-to.');
  }
  if (image !== '' && !isImageReference(image))
    throw new Error(`invalid image name ${JSON.stringify(image)}: invalid reference format`);
  const policy = flags.string('image-pull-policy');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy))
    throw new Error(`invalid image pull policy: ${policy}`);
  profileOf(flags.string('profile'));
}

function containerFor(name: string, command: readonly string[], flags: FlagSet): DebugContainer {
  const variables = parseEnvironment(flags.list('env').filter((pair) => pair !== '[]'));
  const words = flags.bool('arguments-only') ? { args: command } : { command };
  return {
    name,
    image: flags.string('image'),
    imagePullPolicy: flags.string('image-pull-policy') || undefined,
    ...(command.length > 0 && words),
    ...(variables.length > 0 && { env: variables }),
    resources: {},
    terminationMessagePolicy: 'File',
    ...(flags.bool('stdin') && { stdin: true }),
    ...(flags.bool('tty') && { tty: true }),
  };
}

/** A pod in the node's own namespaces, with its files at /host. Models generateNodeDebugPod. */
async function debugNode(
  invocation: Invocation,
  node: KubeObject,
  command: readonly string[],
  flags: FlagSet,
): Promise<void> {
  const { factory, io } = invocation;
  const { namespace } = factory.namespace();
  const nodeName = node.metadata.name!;
  const name = `node-debugger-${nodeName}-${randomSuffix(invocation)}`;
  const profile = profileOf(flags.string('profile'));
  const plain = containerFor(flags.string('container') || 'debugger', command, flags);
  const container = {
    ...secured(plain, profile, 'node'),
    ...(profile.hostFiles && { volumeMounts: [{ mountPath: '/host', name: 'host-root' }] }),
  };
  if (!flags.bool('quiet'))
    io.stdout(`Creating debugging pod ${name} with container ${container.name} on node ${nodeName}.\n`);
  await new Helper(factory.client(), MAPPINGS.pod).create(namespace, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' }, name },
    spec: {
      containers: [container],
      ...(profile.hostNamespaces && { hostIPC: true, hostNetwork: true, hostPID: true }),
      nodeName,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      ...(profile.hostFiles && { volumes: [{ hostPath: { path: '/' }, name: 'host-root' }] }),
    },
  });
  await maybeAttach(invocation, namespace, name, container.name, flags);
}

/** Another container in the running pod. Models debugByEphemeralContainer. */
async function debugPod(
  invocation: Invocation,
  pod: KubeObject,
  command: readonly string[],
  flags: FlagSet,
): Promise<void> {
  const { factory, io } = invocation;
  const { name: podName = '', namespace = '' } = pod.metadata;
  const target = flags.string('target');
  if (target !== '' && !flags.bool('quiet')) {
    io.stdout(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    );
  }
  let name = flags.string('container');
  if (name === '') {
    name = `debugger-${randomSuffix(invocation)}`;
    if (!flags.bool('quiet')) io.stdout(`Defaulting debug container name to ${name}.\n`);
  }
  const container = {
    ...secured(containerFor(name, command, flags), profileOf(flags.string('profile')), 'ephemeral'),
    ...(target !== '' && { targetContainerName: target }),
  };
  const { ephemeralContainers = [] } = pod.spec as { ephemeralContainers?: readonly { name: string }[] };
  const order = [...ephemeralContainers, container].map((one) => ({ name: one.name }));
  await new Helper(factory.client(), MAPPINGS.pod).patch(
    namespace,
    podName,
    'strategic',
    goJson({
      spec: { '$setElementOrder/ephemeralContainers': order, ephemeralContainers: [container] },
    }),
    {},
    'ephemeralcontainers',
  );
  await maybeAttach(invocation, namespace, podName, name, flags);
}

/** The pod under another name, changed. Models generatePodCopyWithDebugContainer. */
async function debugCopy(
  invocation: Invocation,
  pod: KubeObject,
  copyName: string,
  command: readonly string[],
  flags: FlagSet,
): Promise<void> {
  const { factory, io } = invocation;
  const { namespace = '' } = pod.metadata;
  const {
    nodeName,
    ephemeralContainers: _,
    ...spec
  } = pod.spec as {
    nodeName?: string;
    ephemeralContainers?: unknown;
    containers: DebugContainer[];
  };
  const images = new Map(
    flags
      .list('set-image')
      .flatMap((text) => text.split(',').map((pair) => pair.split('=') as [string, string])),
  );
  // Where nothing but images is to change, no profile changes the rest.
  const isNamed = spec.containers.some((container) => container.name === flags.string('container'));
  const keepsAll = flags.string('image') === '' && !isNamed;
  const keeps = (what: string) => keepsAll || flags.bool(`keep-${what}`);
  const containers: DebugContainer[] = spec.containers.map(
    ({ name: own, livenessProbe, readinessProbe, startupProbe, ...rest }) => ({
      ...rest,
      name: own,
      ...(keeps('liveness') && { livenessProbe }),
      ...(keeps('readiness') && { readinessProbe }),
      ...(keeps('startup') && { startupProbe }),
      image: images.get(own) ?? images.get('*') ?? rest.image,
    }),
  );
  let name = flags.string('container');
  const existing = containers.find((container) => container.name === name);
  if (existing !== undefined) {
    const image = flags.string('image') || existing.image;
    const words = command.length > 0 ? { command, args: undefined } : {};
    containers[containers.indexOf(existing)] = { ...existing, image, ...words };
  } else if (flags.string('image') !== '') {
    if (name === '') {
      name = `debugger-${randomSuffix(invocation)}`;
      if (!flags.bool('quiet')) io.stdout(`Defaulting debug container name to ${name}.\n`);
    }
    containers.push(containerFor(name, command, flags));
  }
  const profile = profileOf(flags.string('profile'));
  const debugged = containers.findIndex((container) => container.name === name);
  if (debugged >= 0) containers[debugged] = secured(containers[debugged]!, profile, 'copy');
  const helper = new Helper(factory.client(), MAPPINGS.pod);
  const { labels, annotations } = pod.metadata;
  await helper.create(namespace, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: copyName,
      ...(keeps('labels') && { labels }),
      ...(keeps('annotations') && { annotations }),
    },
    spec: {
      ...spec,
      ...(flags.bool('same-node') && { nodeName }),
      containers,
      ...(flags.bool('share-processes') && !keepsAll && { shareProcessNamespace: true }),
    },
  });
  if (flags.bool('replace')) await helper.delete(namespace, pod.metadata.name!, {});
  await maybeAttach(invocation, namespace, copyName, name, flags);
}

async function maybeAttach(
  invocation: Invocation,
  namespace: string,
  name: string,
  container: string,
  flags: FlagSet,
): Promise<void> {
  const attach = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
  if (!attach) return;
  const { io } = invocation;
  const target = { mapping: MAPPINGS.pod, namespace, name };
  const pod = await untilObject(
    invocation,
    target,
    START_TIMEOUT,
    (now) => stateOf(now, container) !== 'waiting',
  );
  if (stateOf(pod, container) === 'terminated') return showLog(invocation, namespace, name, container);
  if (!flags.bool('quiet')) {
    io.stderr(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    );
  }
  const tty = flags.bool('tty') && io.stdin.isTerminal;
  await attachTo(invocation, { namespace, name, container }, { output: io, stdin: io.stdin, tty });
}

function stateOf(pod: KubeObject | undefined, container: string): 'waiting' | 'running' | 'terminated' {
  if (pod === undefined) return 'terminated';
  const { containerStatuses = [], ephemeralContainerStatuses = [] } = (pod.status ?? {}) as Record<
    string,
    readonly { readonly name: string; readonly state?: Readonly<Record<string, unknown>> }[] | undefined
  >;
  const found = [...containerStatuses, ...ephemeralContainerStatuses].find(({ name }) => name === container);
  if (found?.state?.terminated !== undefined) return 'terminated';
  return found?.state?.running === undefined ? 'waiting' : 'running';
}
