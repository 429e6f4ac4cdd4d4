import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import { CREATE_FLAGS, fieldManagerFlag, RECORD_FLAG } from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
import { lastCreatedText, withLastApplied } from './apply/last-applied.ts';
import { propagationOf } from '../util/cascade.ts';
import type { FlagSet } from '../cobra/flags.ts';
import { isImageReference } from '../util/image-reference.ts';
import { Helper } from '../resource/helper.ts';
import { runAttached } from './run-attached.ts';
import { usageError } from '../util/errors.ts';
import { keyValues, parseEnvironment } from '../util/pairs.ts';

const POD = { group: '', version: 'v1', resource: 'pods', kind: 'Pod', namespaced: true };
const SERVICE = { group: '', version: 'v1', resource: 'services', kind: 'Service', namespaced: true };

/** Models pkg/cmd/run. */
export const run: CommandDefinition = {
  name: 'run',
  use: 'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...] [options]',
  short: 'Run a particular image on the cluster',
  flags: [
    RECORD_FLAG,
    ...CREATE_FLAGS.filter(({ name }) => name !== 'field-manager' && name !== 'validate'),
    fieldManagerFlag('kubectl-run'),
    { name: 'annotations', type: 'stringArray' },
    { name: 'attach', type: 'bool', default: 'false' },
    { name: 'cascade', type: 'string', default: 'background', noOptionDefault: 'background' },
    { name: 'command', type: 'bool', default: 'false' },
    { name: 'detach-keys', type: 'string', default: 'ctrl-p,ctrl-q' },
    { name: 'env', type: 'stringArray' },
    { name: 'expose', type: 'bool', default: 'false' },
    { name: 'filename', shorthand: 'f', type: 'stringSlice' },
    { name: 'force', type: 'bool', default: 'false' },
    { name: 'grace-period', type: 'int', default: '-1' },
    { name: 'image', type: 'string', required: true },
    { name: 'image-pull-policy', type: 'string' },
    { name: 'kustomize', shorthand: 'k', type: 'string' },
    { name: 'labels', shorthand: 'l', type: 'string' },
    { name: 'leave-stdin-open', type: 'bool', default: 'false' },
    { name: 'override-type', type: 'string', default: 'merge' },
    { name: 'overrides', type: 'string' },
    { name: 'pod-running-timeout', type: 'duration', default: '1m0s' },
    { name: 'port', type: 'string' },
    { name: 'privileged', type: 'bool', default: 'false' },
    { name: 'quiet', shorthand: 'q', type: 'bool', default: 'false' },
    { name: 'recursive', shorthand: 'R', type: 'bool', default: 'false' },
    { name: 'restart', type: 'string', default: 'Always' },
    { name: 'rm', type: 'bool', default: 'false' },
    { name: 'stdin', shorthand: 'i', type: 'bool', default: 'false' },
    { name: 'timeout', type: 'duration', default: '0s' },
    { name: 'tty', shorthand: 't', type: 'bool', default: 'false' },
    { name: 'wait', type: 'bool', default: 'false' },
  ],
  async run(invocation, { args, dashAt, flags }) {
    const { factory, io, commandPath } = invocation;
    const [name, ...command] = args;
    if (name === undefined || dashAt === 0) throw usageError(commandPath, 'NAME is required for run');
    const propagation = propagationOf(flags.string('cascade'));
    if (flags.duration('pod-running-timeout') <= 0)
      throw usageError(commandPath, '--pod-running-timeout must be higher than zero');
    const image = flags.string('image');
    if (image === '') throw new Error('--image is required');
    if (!isImageReference(image)) {
      throw new Error(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
    }
    if (flags.bool('tty') && !flags.bool('stdin'))
      throw usageError(commandPath, '-i/--stdin is required for containers with -t/--tty=true');
    if (flags.bool('expose') && flags.string('port') === '') {
      throw usageError(commandPath, '--port must be set when exposing a service');
    }
    const restart = flags.string('restart') || (flags.bool('stdin') ? 'OnFailure' : 'Always');
    if (!['Always', 'OnFailure', 'Never'].includes(restart)) {
      throw usageError(commandPath, `invalid restart policy: ${restart}`);
    }
    const attach = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
    if (!attach && flags.bool('rm'))
      throw usageError(commandPath, '--rm should only be used for attached containers');
    if (attach && !['', 'none'].includes(flags.string('dry-run'))) {
      throw usageError(
        commandPath,
        "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
      );
    }
    const pullPolicy = flags.string('image-pull-policy');
    if (!['', 'Always', 'IfNotPresent', 'Never'].includes(pullPolicy))
      throw usageError(commandPath, `invalid image pull policy: ${pullPolicy}`);
    const dryRun = dryRunOf(flags, factory.log);
    const print = await resultPrinter(invocation, dryRun, true);
    const { namespace, explicit } = factory.namespace();
    const parameters = { ...writeParameters(flags, dryRun, 'kubectl-run') };
    const send = async (mapping: typeof POD, object: KubeObject): Promise<KubeObject> => {
      if (dryRun === 'client')
        return explicit ? { ...object, metadata: { ...object.metadata, namespace } } : object;
      const kept = flags.bool('save-config') ? withLastApplied(object, lastCreatedText(object)) : object;
      return new Helper(factory.client(), mapping).create(namespace, kept, parameters);
    };
    let pod = podOf(name, command, flags, restart);
    // The kind is looked up even if nothing is sent.
    await factory.mapper();
    const overrides = flags.string('overrides');
    if (overrides !== '') {
      const { applyOverrides } = await invocation.environment.clock.outside(import('./run-overrides.ts'));
      pod = applyOverrides(pod, POD, overrides, flags.string('override-type'));
    }
    if (attach) {
      return runAttached(invocation, pod, { flags, restart, propagation }, async (object) =>
        print(await send(POD, object), 'created'),
      );
    }
    const created = await send(POD, pod);
    let failure: unknown;
    if (flags.bool('expose')) {
      try {
        print(await send(SERVICE, serviceOf(name, flags)), 'created');
        if (flags.string('output') === 'yaml') io.stdout('---\n');
      } catch (error) {
        // The pod is there, and is told of.
        failure = error;
      }
    }
    print(created, 'created');
    if (failure !== undefined) throw failure;
    return 0;
  },
};

/** Models pkg/generate/versioned ServiceGenerator. */
function serviceOf(name: string, flags: FlagSet): KubeObject {
  const port = Number(flags.string('port'));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      ports: [{ port, protocol: 'TCP', targetPort: port }],
      selector: labelsOf(name, flags.string('labels')),
    },
    status: { loadBalancer: {} },
  };
}

function labelsOf(name: string, text: string): Record<string, string> {
  return text === ''
    ? { run: name }
    : keyValues(text.split(','), (label) => `unexpected label spec: ${label}`);
}

/** Models pkg/generate/versioned BasicPod. */
function podOf(name: string, command: readonly string[], flags: FlagSet, restart: string): KubeObject {
  const port = flags.string('port');
  if (port !== '' && !/^\d+$/.test(port)) {
    throw new Error(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
  }
  const variables = parseEnvironment(flags.list('env')).map(({ name, value }) => ({
    name,
    ...(value !== '' && { value }),
  }));
  const annotations = keyValues(
    flags.list('annotations'),
    (annotation) => `invalid annotations format: ${annotation}`,
  );
  const words =
    command.length > 0 ? (flags.bool('command') ? { command: [...command] } : { args: [...command] }) : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(Object.keys(annotations).length > 0 && { annotations }),
      labels: labelsOf(name, flags.string('labels')),
      name,
    },
    spec: {
      containers: [
        {
          name,
          image: flags.string('image'),
          ...words,
          ...(variables.length > 0 && { env: variables }),
          ...(port !== '' && { ports: [{ containerPort: Number(port) }] }),
          ...(flags.string('image-pull-policy') !== '' && {
            imagePullPolicy: flags.string('image-pull-policy'),
          }),
          resources: {},
          ...(flags.bool('privileged') && { securityContext: { privileged: true } }),
          ...(flags.bool('stdin') && { stdin: true, stdinOnce: !flags.bool('leave-stdin-open') }),
          ...(flags.bool('tty') && { tty: true }),
        },
      ],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: restart,
    },
    status: {},
  };
}
