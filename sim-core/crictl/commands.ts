import { FileError } from '../node/file-system.ts';
import { NO_INPUT } from '../node/program.ts';
import type { ContainerStatus, ImageStatus, PodSandboxStatus } from '../cri/runtime-service.ts';
import { type CrictlInvocation, Fatal } from './invocation.ts';
import type { Option, Parsed } from './options.ts';
import { humanDuration, humanSize, short, table } from './table.ts';

interface CrictlCommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly operands?: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** Resolves to the exit code; nothing is 0. */
  run(invocation: CrictlInvocation, parsed: Parsed): Promise<number | void>;
}

const LABELS = {
  container: 'io.kubernetes.container.name',
  pod: 'io.kubernetes.pod.name',
  namespace: 'io.kubernetes.pod.namespace',
};
const STATES: Readonly<Record<string, string>> = {
  CONTAINER_CREATED: 'Created',
  CONTAINER_RUNNING: 'Running',
  CONTAINER_EXITED: 'Exited',
  SANDBOX_READY: 'Ready',
  SANDBOX_NOTREADY: 'NotReady',
};
const OUTPUT = { short: 'o', value: true };
const LISTING = {
  id: { value: true },
  label: { value: true },
  last: { short: 'n', value: true },
  latest: { short: 'l' },
  name: { value: true },
  namespace: { value: true },
  'no-trunc': {},
  output: OUTPUT,
  quiet: { short: 'q' },
  state: { short: 's', value: true },
  verbose: { short: 'v' },
};

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const nanoseconds = (milliseconds: number) =>
  milliseconds === 0 ? '0' : `${Math.round(milliseconds)}000000`;
const instant = (milliseconds: number) =>
  milliseconds === 0 ? '0001-01-01T00:00:00Z' : new Date(milliseconds).toISOString().replace('Z', '000000Z');

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new Fatal(`invalid regular expression ${JSON.stringify(text)}`);
  }
}

function labelsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [key = '', value] = text.split('=');
      if (value === undefined) throw new Fatal(`incorrectly specified label: ${text}`);
      return [key, value];
    }),
  );
}

/** --latest and --last. */
function newest<T>(found: readonly T[], { has, text }: Parsed): readonly T[] {
  if (has('latest')) return found.slice(0, 1);
  const last = Number(text('last') || 0);
  return last > 0 ? found.slice(0, last) : found;
}

function only<T extends { readonly id: string }>(found: readonly T[], id: string, what: string): T {
  const matching = found.filter((one) => one.id.startsWith(id));
  if (id !== '' && matching.length === 1) return matching[0]!;
  throw new Fatal(
    `rpc error: code = NotFound desc = an error occurred when try to find ${what} "${id}": not found`,
  );
}

async function container({ runtime }: CrictlInvocation, id: string | undefined): Promise<ContainerStatus> {
  if (id === undefined) throw new Fatal('ID cannot be empty');
  return only(await runtime.listContainers(), id, 'container');
}

async function sandbox({ runtime }: CrictlInvocation, id: string | undefined): Promise<PodSandboxStatus> {
  if (id === undefined) throw new Fatal('ID cannot be empty');
  return only(await runtime.listPodSandbox(), id, 'sandbox');
}

const imageText = (images: ReadonlyMap<string, string>, { image }: ContainerStatus) =>
  images.get(image) ?? image;

async function imageIds({ images }: CrictlInvocation, found: readonly ContainerStatus[]) {
  const ids = new Map<string, string>();
  for (const { image } of found) {
    if (!ids.has(image)) ids.set(image, (await images.imageStatus(image))?.id ?? image);
  }
  return ids;
}

const ps: CrictlCommand = {
  name: 'ps',
  usage: 'List containers',
  options: {
    ...LISTING,
    all: { short: 'a' },
    image: { value: true },
    pod: { short: 'p', value: true },
    'resolve-image-path': { short: 'r' },
  },
  async run(invocation, parsed) {
    const { io, environment, runtime } = invocation;
    const { has, text, list } = parsed;
    const state = text('state').toLowerCase();
    if (state !== '' && !['created', 'running', 'exited', 'unknown'].includes(state))
      throw new Fatal(
        'listing containers: list containers: --state should be one of created, running, exited or unknown',
      );
    const wanted = state !== '' ? `CONTAINER_${state.toUpperCase()}` : 'CONTAINER_RUNNING';
    const any = (has('all') && state === '') || has('latest') || Number(text('last') || 0) > 0;
    const all = await runtime.listContainers({ labels: labelsOf(list('label')) });
    const ids = await imageIds(invocation, all);
    const found = newest(
      all.filter(
        (one) =>
          (any || one.state === wanted) &&
          one.id.startsWith(text('id')) &&
          one.podSandboxId.startsWith(text('pod')) &&
          pattern(text('name')).test(one.metadata.name) &&
          pattern(text('namespace')).test(one.labels[LABELS.namespace] ?? '') &&
          (text('image') === '' ||
            one.image.includes(text('image')) ||
            ids.get(one.image)!.includes(text('image'))),
      ),
      parsed,
    );
    const output = text('output') || 'table';
    if (output === 'json') {
      io.stdout(
        json({
          containers: found.map((one) => ({
            annotations: one.annotations,
            createdAt: nanoseconds(one.createdAt),
            id: one.id,
            image: { annotations: {}, image: ids.get(one.image), runtimeHandler: '', userSpecifiedImage: '' },
            imageId: ids.get(one.image),
            imageRef: ids.get(one.image),
            labels: one.labels,
            metadata: one.metadata,
            podSandboxId: one.podSandboxId,
            state: one.state,
          })),
        }),
      );
      return;
    }
    if (output !== 'table')
      throw new Fatal(
        `listing containers: list containers: unsupported output format ${JSON.stringify(output)}`,
      );
    if (has('quiet')) return io.stdout(found.map(({ id }) => `${id}\n`).join(''));
    const cut = has('no-trunc') ? (id: string) => id : short;
    const now = environment.clock.now();
    io.stdout(
      table([
        ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'],
        ...found.map((one) => [
          cut(one.id),
          has('resolve-image-path') ? one.image : cut(imageText(ids, one)),
          `${humanDuration(now - one.createdAt)} ago`,
          STATES[one.state]!,
          one.metadata.name,
          String(one.metadata.attempt),
          cut(one.podSandboxId),
          one.labels[LABELS.pod] ?? 'unknown',
          one.labels[LABELS.namespace] ?? 'unknown',
        ]),
      ]),
    );
  },
};

const pods: CrictlCommand = {
  name: 'pods',
  usage: 'List pods',
  options: LISTING,
  async run({ io, environment, runtime }, parsed) {
    const { has, text, list } = parsed;
    const state = text('state').toLowerCase();
    if (state !== '' && state !== 'ready' && state !== 'notready')
      throw new Fatal('listing pod sandboxes: list pod sandboxes: --state should be ready or notready');
    const all = await runtime.listPodSandbox({ labels: labelsOf(list('label')) });
    const found = newest(
      all.filter(
        (one) =>
          (state === '' || one.state === `SANDBOX_${state.toUpperCase()}`) &&
          one.id.startsWith(text('id')) &&
          pattern(text('name')).test(one.metadata.name) &&
          pattern(text('namespace')).test(one.metadata.namespace),
      ),
      parsed,
    );
    const output = text('output') || 'table';
    if (output === 'json') {
      io.stdout(
        json({
          items: found.map((one) => ({
            annotations: one.annotations,
            createdAt: nanoseconds(one.createdAt),
            id: one.id,
            labels: one.labels,
            metadata: one.metadata,
            runtimeHandler: '',
            state: one.state,
          })),
        }),
      );
      return;
    }
    if (has('quiet')) return io.stdout(found.map(({ id }) => `${id}\n`).join(''));
    const cut = has('no-trunc') ? (id: string) => id : short;
    io.stdout(
      table([
        ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
        ...found.map((one) => [
          cut(one.id),
          `${humanDuration(environment.clock.now() - one.createdAt)} ago`,
          STATES[one.state]!,
          one.metadata.name,
          one.metadata.namespace,
          String(one.metadata.attempt),
          '(default)',
        ]),
      ]),
    );
  },
};

const digestOf = ({ repoDigests }: ImageStatus) => /@(.*)$/.exec(repoDigests[0] ?? '')?.[1] ?? '<none>';

const imagesCommand: CrictlCommand = {
  name: 'images',
  aliases: ['image', 'img'],
  usage: 'List images',
  operands: '[REPOSITORY[:TAG]]',
  options: {
    digests: {},
    'no-trunc': {},
    output: OUTPUT,
    pinned: {},
    quiet: { short: 'q' },
    verbose: { short: 'v' },
  },
  async run({ io, images }, { has, text, operands }) {
    const [wanted = ''] = operands;
    const all = await images.listImages();
    const found = [...all]
      .filter(
        ({ repoTags }) =>
          wanted === '' || repoTags.some((tag) => tag === wanted || tag.startsWith(`${wanted}:`)),
      )
      .sort((a, b) => ((a.repoTags[0] ?? a.id) < (b.repoTags[0] ?? b.id) ? -1 : 1));
    if (text('output') === 'json') {
      io.stdout(
        json({
          images: found.map(({ id, repoDigests, repoTags, size, uid, username }) => ({
            id,
            pinned: repoTags.some((tag) => tag.includes('/pause:')),
            repoDigests,
            repoTags,
            size: String(size),
            spec: null,
            uid: uid === undefined ? null : { value: String(uid) },
            username,
          })),
        }),
      );
      return;
    }
    if (has('quiet')) return io.stdout(found.map(({ id }) => `${id}\n`).join(''));
    if (has('verbose')) {
      for (const one of found) {
        io.stdout(`ID: ${one.id}\n`);
        for (const tag of one.repoTags) io.stdout(`RepoTags: ${tag}\n`);
        for (const digest of one.repoDigests) io.stdout(`RepoDigests: ${digest}\n`);
        io.stdout(`Size: ${one.size}\n\n`);
      }
      return;
    }
    const cut = has('no-trunc') ? (id: string) => id : short;
    const row = (one: ImageStatus, image: string, tag: string) => [
      image,
      tag,
      ...(has('digests') ? [cut(digestOf(one))] : []),
      cut(one.id),
      humanSize(one.size),
      ...(has('pinned') ? [String(image.endsWith('/pause'))] : []),
    ];
    io.stdout(
      table([
        [
          'IMAGE',
          'TAG',
          ...(has('digests') ? ['DIGEST'] : []),
          'IMAGE ID',
          'SIZE',
          ...(has('pinned') ? ['PINNED'] : []),
        ],
        ...found.flatMap((one) =>
          one.repoTags.length === 0
            ? [row(one, one.repoDigests[0]?.replace(/@.*$/, '') ?? '<none>', '<none>')]
            : one.repoTags.map((tag) =>
                row(one, tag.replace(/:[^:/]*$/, ''), /:([^:/]*)$/.exec(tag)?.[1] ?? ''),
              ),
        ),
      ]),
    );
  },
};

const logs: CrictlCommand = {
  name: 'logs',
  usage: 'Fetch the logs of a container',
  operands: 'CONTAINER-ID',
  options: {
    follow: { short: 'f' },
    'limit-bytes': { value: true },
    previous: { short: 'p' },
    since: { value: true },
    tail: { value: true },
    timestamps: { short: 't' },
  },
  async run(invocation, { has, text, operands }) {
    const { io, environment } = invocation;
    // Options may stand behind the container as well.
    const { logPath, id, metadata, podSandboxId } = await container(invocation, operands[0]);
    const { files } = environment.machine;
    let path = logPath;
    if (has('previous')) {
      const all = await invocation.runtime.listContainers({ podSandboxId });
      const before = all.find(
        (one) => one.metadata.name === metadata.name && one.metadata.attempt === metadata.attempt - 1,
      );
      if (before === undefined)
        throw new Fatal(
          `failed to get previous container: previous terminated container ${metadata.name} not found`,
        );
      path = before.logPath;
    }
    let shown = 0;
    const show = (from: number): void => {
      let content: string;
      try {
        content = files.read(path);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new Fatal(
          `failed to try resolving symlinks in path "${path}": lstat ${path}: no such file or directory`,
        );
      }
      const lines = content.split('\n').slice(0, -1);
      const tail =
        from === 0 && text('tail') !== '' && Number(text('tail')) >= 0 ? Number(text('tail')) : Infinity;
      for (const line of tail === Infinity
        ? lines.slice(from)
        : lines.slice(Math.max(0, lines.length - tail))) {
        const match = /^(\S+) (stdout|stderr) (\S) ?(.*)$/s.exec(line);
        if (match === null) continue;
        const said = `${has('timestamps') ? `${match[1]} ` : ''}${match[4]}${match[3] === 'P' ? '' : '\n'}`;
        if (match[2] === 'stderr') io.stderr(said);
        else io.stdout(said);
      }
      shown = lines.length;
    };
    show(0);
    while (has('follow') && !environment.context.cancelled) {
      const now = (await invocation.runtime.listContainers({ id })).at(0);
      if (now?.state !== 'CONTAINER_RUNNING') break;
      await environment.clock.sleep(500, { context: environment.context, periodic: true });
      show(shown);
    }
  },
};

const inspect: CrictlCommand = {
  name: 'inspect',
  usage: 'Display the status of one or more containers',
  operands: 'CONTAINER-ID [CONTAINER-ID...]',
  options: { all: { short: 'a' }, output: OUTPUT, quiet: { short: 'q' }, template: { value: true } },
  async run(invocation, { text, operands }) {
    const { io, environment } = invocation;
    if (operands.length === 0) throw new Fatal('ID cannot be empty');
    for (const id of operands) {
      const one = await container(invocation, id);
      const image = await invocation.images.imageStatus(one.image);
      if (text('output') === 'table') {
        const ago = (at: number) => `${humanDuration(environment.clock.now() - at)} ago`;
        io.stdout(`ID: ${one.id}\nName: ${one.metadata.name}\n`);
        if (one.metadata.attempt > 0) io.stdout(`Attempt: ${one.metadata.attempt}\n`);
        io.stdout(`State: ${one.state}\nCreated: ${ago(one.createdAt)}\n`);
        if (one.state !== 'CONTAINER_CREATED') io.stdout(`Started: ${ago(one.startedAt)}\n`);
        if (one.state === 'CONTAINER_EXITED')
          io.stdout(`Finished: ${ago(one.finishedAt)}\nExit Code: ${one.exitCode}\n`);
        const list = (title: string, entries: Readonly<Record<string, string>>) =>
          io.stdout(
            `${title}:\n${Object.keys(entries)
              .sort()
              .map((key) => `\t${key} -> ${entries[key]}\n`)
              .join('')}`,
          );
        list('Labels', one.labels);
        list('Annotations', one.annotations);
        continue;
      }
      io.stdout(
        json({
          info: {
            sandboxID: one.podSandboxId,
            removing: false,
            snapshotter: 'overlayfs',
            runtimeType: 'io.containerd.runc.v2',
          },
          status: {
            annotations: one.annotations,
            createdAt: instant(one.createdAt),
            exitCode: one.exitCode,
            finishedAt: instant(one.finishedAt),
            id: one.id,
            image: { annotations: {}, image: one.image, runtimeHandler: '', userSpecifiedImage: '' },
            imageId: image?.id ?? '',
            imageRef: one.imageRef,
            labels: one.labels,
            logPath: one.logPath,
            message: one.message,
            metadata: one.metadata,
            mounts: one.mounts.map(({ containerPath, hostPath, readonly }) => ({
              containerPath,
              gidMappings: [],
              hostPath,
              image: null,
              propagation: 'PROPAGATION_PRIVATE',
              readonly,
              recursiveReadOnly: false,
              selinuxRelabel: false,
              uidMappings: [],
            })),
            reason: one.reason,
            startedAt: instant(one.startedAt),
            state: one.state,
          },
        }),
      );
    }
  },
};

const inspectPod: CrictlCommand = {
  name: 'inspectp',
  usage: 'Display the status of one or more pods',
  operands: 'POD-ID [POD-ID...]',
  options: { output: OUTPUT, quiet: { short: 'q' } },
  async run(invocation, { operands }) {
    if (operands.length === 0) throw new Fatal('ID cannot be empty');
    for (const id of operands) {
      const one = await sandbox(invocation, id);
      invocation.io.stdout(
        json({
          status: {
            annotations: one.annotations,
            createdAt: instant(one.createdAt),
            id: one.id,
            labels: one.labels,
            metadata: one.metadata,
            network: { additionalIps: [], ip: one.ip },
            runtimeHandler: '',
            state: one.state,
          },
        }),
      );
    }
  },
};

const inspectImage: CrictlCommand = {
  name: 'inspecti',
  usage: 'Return the status of one or more images',
  operands: 'IMAGE-ID [IMAGE-ID...]',
  options: { output: OUTPUT, quiet: { short: 'q' } },
  async run({ io, images }, { operands }) {
    if (operands.length === 0) throw new Fatal('ID cannot be empty');
    for (const name of operands) {
      const image = await imageOf(images, name);
      if (image === undefined) throw new Fatal(`no such image "${name}" present`);
      const { id, repoDigests, repoTags, size, username } = image;
      io.stdout(
        json({
          status: {
            id,
            pinned: false,
            repoDigests,
            repoTags,
            size: String(size),
            spec: null,
            uid: null,
            username,
          },
        }),
      );
    }
  },
};

async function imageOf(images: CrictlInvocation['images'], name: string): Promise<ImageStatus | undefined> {
  const found = await images.imageStatus(name);
  if (found !== undefined || !/^[0-9a-f]{3,64}$/.test(name)) return found;
  return (await images.listImages()).find(({ id }) => id.startsWith(`sha256:${name}`));
}

const exec: CrictlCommand = {
  name: 'exec',
  usage: 'Run a command in a running container',
  operands: 'CONTAINER-ID COMMAND [ARG...]',
  options: {
    interactive: { short: 'i' },
    sync: { short: 's' },
    timeout: { value: true },
    tty: { short: 't' },
  },
  async run(invocation, { has, operands }) {
    const { io, environment, runtime } = invocation;
    const [id, ...command] = operands;
    if (id === undefined || command.length === 0)
      throw new Fatal('"crictl exec" requires at least 2 arguments');
    const { id: full, state } = await container(invocation, id);
    if (state !== 'CONTAINER_RUNNING')
      throw new Fatal(
        `execing command in container: rpc error: code = Unknown desc = container is in ${state} state`,
      );
    const terminal = has('tty') && io.stdin.isTerminal;
    const streams = {
      stdin: has('interactive') ? { isTerminal: terminal, read: () => io.stdin.read() } : NO_INPUT,
      stdout: (said: string) => io.stdout(said),
      stderr: (said: string) => io.stderr(said),
    };
    const exit = await runtime.exec(full, command, streams, environment.context);
    if (exit !== 0)
      io.stderr(`FATA[0000] execing command in container: command terminated with exit code ${exit}\n`);
    return exit === 0 ? 0 : 1;
  },
};

/** A command that does something to each container, pod or image. */
function each(
  names: readonly [name: string, usage: string, operands: string],
  options: CrictlCommand['options'],
  work: (invocation: CrictlInvocation, id: string, parsed: Parsed) => Promise<string>,
): CrictlCommand {
  const [name, usage, operands] = names;
  return {
    ...{ name, usage, operands },
    options: options ?? {},
    async run(invocation, parsed) {
      if (parsed.operands.length === 0) throw new Fatal('ID cannot be empty');
      for (const id of parsed.operands) invocation.io.stdout(`${await work(invocation, id, parsed)}\n`);
    },
  };
}

const stop = each(
  ['stop', 'Stop one or more running containers', 'CONTAINER-ID [CONTAINER-ID...]'],
  { timeout: { short: 't', value: true } },
  async (invocation, id, { text }) => {
    const { id: full } = await container(invocation, id);
    await invocation.runtime.stopContainer(full, Number(text('timeout') || 0));
    return id;
  },
);

const rm = each(
  ['rm', 'Remove one or more containers', 'CONTAINER-ID [CONTAINER-ID...]'],
  { all: { short: 'a' }, force: { short: 'f' } },
  async (invocation, id, { has }) => {
    const { id: full, state } = await container(invocation, id);
    if (state === 'CONTAINER_RUNNING') {
      if (!has('force')) throw new Fatal(`container "${id}" is running, please stop it first`);
      await invocation.runtime.stopContainer(full, 0);
    }
    await invocation.runtime.removeContainer(full);
    return id;
  },
);

const stopPod = each(
  ['stopp', 'Stop one or more running pods', 'POD-ID [POD-ID...]'],
  {},
  async (invocation, id) => {
    await invocation.runtime.stopPodSandbox((await sandbox(invocation, id)).id);
    return `Stopped sandbox ${id}`;
  },
);

const removePod = each(
  ['rmp', 'Remove one or more pods', 'POD-ID [POD-ID...]'],
  { all: { short: 'a' }, force: { short: 'f' } },
  async (invocation, id, { has }) => {
    const { id: full, state } = await sandbox(invocation, id);
    if (state === 'SANDBOX_READY') {
      if (!has('force')) throw new Fatal(`pod sandbox "${id}" is running, please stop it first`);
      await invocation.runtime.stopPodSandbox(full);
    }
    await invocation.runtime.removePodSandbox(full);
    return `Removed sandbox ${id}`;
  },
);

const pull: CrictlCommand = {
  name: 'pull',
  usage: 'Pull an image from a registry',
  operands: 'NAME[:TAG|@DIGEST]',
  async run({ io, images }, { operands }) {
    const [name] = operands;
    if (name === undefined) throw new Fatal('image name cannot be empty');
    try {
      io.stdout(`Image is up to date for ${await images.pullImage(name)}\n`);
    } catch (error) {
      throw new Fatal(`pulling image: ${(error as Error).message}`);
    }
  },
};

const rmi: CrictlCommand = {
  name: 'rmi',
  usage: 'Remove one or more images',
  operands: 'IMAGE-ID [IMAGE-ID...]',
  options: { all: { short: 'a' }, prune: { short: 'q' } },
  async run({ io, images, runtime }, { has, operands }) {
    const all = await images.listImages();
    const used = new Set((await runtime.listContainers()).map(({ image }) => image));
    const names = has('all') || has('prune') ? all.map(({ id }) => id) : operands;
    if (names.length === 0) throw new Fatal('requires at least 1 argument');
    for (const name of names) {
      const image = await imageOf(images, name);
      if (image === undefined) throw new Fatal(`no such image ${name}`);
      if (has('prune') && image.repoTags.some((tag) => used.has(tag))) continue;
      await images.removeImage(image.id);
      for (const tag of image.repoTags) io.stdout(`Deleted: ${tag}\n`);
    }
  },
};

const version: CrictlCommand = {
  name: 'version',
  usage: 'Display runtime version information',
  async run({ io, runtime }) {
    const { runtimeName, runtimeVersion } = await runtime.version();
    io.stdout(
      `Version:  0.1.0\nRuntimeName:  ${runtimeName}\nRuntimeVersion:  ${runtimeVersion}\nRuntimeApiVersion:  v1\n`,
    );
  },
};

const info: CrictlCommand = {
  name: 'info',
  usage: 'Display information of the container runtime',
  options: { output: OUTPUT, quiet: { short: 'q' } },
  async run({ io, runtime }) {
    const conditions = (await runtime.status()).map(({ type, status, reason, message }) => ({
      message,
      reason,
      status,
      type,
    }));
    io.stdout(json({ status: { conditions } }));
  },
};

const stats: CrictlCommand = {
  name: 'stats',
  usage: 'List container(s) resource usage statistics',
  options: { all: { short: 'a' }, id: { value: true }, output: OUTPUT, pod: { short: 'p', value: true } },
  async run({ io, runtime }, { text }) {
    const found = await runtime.listContainerStats();
    const names = new Map((await runtime.listContainers()).map((one) => [one.id, one.metadata.name]));
    io.stdout(
      table([
        ['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK', 'INODES', 'SWAP'],
        ...found
          .filter(({ id }) => id.startsWith(text('id')))
          .map(({ id, memoryBytes }) => [
            short(id),
            names.get(id) ?? '',
            '0.00',
            humanSize(memoryBytes),
            '0B',
            '0',
            '0B',
          ]),
      ]),
    );
  },
};

export const COMMANDS: readonly CrictlCommand[] = [
  ...[exec, version, imagesCommand, inspect, inspectImage, inspectPod, logs, ps, pull, rm, rmi, removePod],
  ...[pods, info, stop, stopPod, stats],
];

export const HELP = `NAME:
   crictl - client for CRI

USAGE:
   crictl [global options] command [command options]

COMMANDS:
${[...COMMANDS].map(({ name, aliases = [], usage }) => `   ${[name, ...aliases].join(', ').padEnd(22)}${usage}`).join('\n')}
`;
