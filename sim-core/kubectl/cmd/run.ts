import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import { CREATE_FLAGS, fieldManagerFlag } from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
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
    ...CREATE_FLAGS.filter(({ name }) => name !== 'field-manager' && name !== 'validate'),
    fieldManagerFlag('kubectl-run'),
    { name: 'annotations', type: 'stringArray' },
    { name: 'attach', type: 'bool', default: 'false' },
    { name: 'cascade', type: 'string', default: 'background', noOptionDefault: 'background' },
    { name: 'command', type: 'bool', default: 'false' },
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
    const { factory, commandPath } = invocation;
    const [name, ...command] = args;
    if (name === undefined || dashAt === 0) throw usageError(commandPath, 'NAME is required for run');
    const restart = flags.string('restart');
    if (!['Always', 'OnFailure', 'Never'].includes(restart)) {
      throw usageError(commandPath, `invalid restart policy: ${restart}`);
    }
    const image = flags.string('image');
    if (image === '') throw new Error('--image is required');
    if (!/^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/.test(image)) {
      throw new Error(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
    }
    if (flags.bool('tty') && !flags.bool('stdin'))
      throw usageError(commandPath, '-i/--stdin is required for containers with -t/--tty=true');
    if (flags.bool('expose') && flags.string('port') === '') {
      throw usageError(commandPath, '--port must be set when exposing a service');
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
    const dryRun = dryRunOf(flags, factory.log);
    const print = resultPrinter(invocation, dryRun);
    const { namespace } = factory.namespace();
    const parameters = { ...writeParameters(flags, dryRun, 'kubectl-run') };
    const send = async (mapping: typeof POD, object: KubeObject): Promise<void> => {
      if (dryRun === 'client') return print(object, 'created');
      print(await new Helper(factory.client(), mapping).create(namespace, object, parameters), 'created');
    };
    let pod = podOf(name, command, flags);
    // The kind is looked up even if nothing is sent.
    await factory.mapper();
    const overrides = flags.string('overrides');
    if (overrides !== '') pod = mergePatch(pod, parseOverrides(overrides)) as KubeObject;
    if (attach) return runAttached(invocation, pod, flags, (object) => send(POD, object));
    await send(POD, pod);
    if (flags.bool('expose')) {
      const port = Number(flags.string('port'));
      await send(SERVICE, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: {
          ports: [{ port, protocol: 'TCP', targetPort: port }],
          selector: labelsOf(name, flags.string('labels')),
        },
        status: { loadBalancer: {} },
      });
    }
    return 0;
  },
};

function labelsOf(name: string, text: string): Record<string, string> {
  return text === '' ? { run: name } : keyValues(text.split(','), 'label');
}

/** Models pkg/generate/versioned BasicPod. */
function podOf(
  name: string,
  command: readonly string[],
  flags: { string(name: string): string; bool(name: string): boolean; list(name: string): readonly string[] },
): KubeObject {
  const port = flags.string('port');
  if (port !== '' && !/^\d+$/.test(port)) {
    throw new Error(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
  }
  const variables = parseEnvironment(flags.list('env'));
  const annotations = keyValues(flags.list('annotations'), 'annotation');
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
      restartPolicy: flags.string('restart'),
    },
    status: {},
  };
}

function parseOverrides(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Invalid JSON Patch: ${text}`);
  }
}

/** Models RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}
