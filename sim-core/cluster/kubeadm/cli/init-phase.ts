import { goQuote } from '../../../apimachinery/go-format.ts';
import { MANIFESTS_DIRECTORY } from '../constants.ts';
import { controlPlaneManifest } from '../manifests.ts';
import type { KubeadmCommand, KubeadmInvocation } from './command.ts';
import { fail, group, noArguments } from './command.ts';

type Component = Parameters<typeof controlPlaneManifest>[0];

/** What the subcommands of `control-plane` are called, and what they write. */
const COMPONENTS: readonly (readonly [name: string, component: Component])[] = [
  ['apiserver', 'kube-apiserver'],
  ['controller-manager', 'kube-controller-manager'],
  ['scheduler', 'kube-scheduler'],
];

function write({ io, environment }: KubeadmInvocation, component: Component): void {
  io.stdout(`[control-plane] Creating static Pod manifest for ${goQuote(component)}\n`);
  writeManifest(environment.machine.files, component);
}

function writeManifest(
  files: KubeadmInvocation['environment']['machine']['files'],
  component: Component,
): void {
  files.makeDirectory(MANIFESTS_DIRECTORY, { parents: true, mode: 0o700 });
  files.write(`${MANIFESTS_DIRECTORY}/${component}.yaml`, controlPlaneManifest(component), { mode: 0o600 });
}

const controlPlane: KubeadmCommand = group(
  'control-plane',
  'Generate all static Pod manifest files necessary to establish the control plane',
  [
    {
      use: 'all',
      short: 'Generate all static Pod manifest files',
      async run(invocation) {
        noArguments(invocation, 'kubeadm init phase control-plane all');
        invocation.io.stdout(`[control-plane] Using manifest folder ${goQuote(MANIFESTS_DIRECTORY)}\n`);
        for (const [, component] of COMPONENTS) write(invocation, component);
      },
    },
    ...COMPONENTS.map(([use, component]): KubeadmCommand => ({
      use,
      short: `Generates the ${component} static Pod manifest`,
      async run(invocation) {
        noArguments(invocation, `kubeadm init phase control-plane ${use}`);
        write(invocation, component);
      },
    })),
  ],
);

const etcd: KubeadmCommand = group('etcd', 'Generate static Pod manifest file for local etcd', [
  {
    use: 'local',
    short: 'Generate the static Pod manifest file for a local, single-node local etcd instance',
    async run(invocation) {
      noArguments(invocation, 'kubeadm init phase etcd local');
      const { io, environment } = invocation;
      io.stdout(`[etcd] Creating static Pod manifest for local etcd in ${goQuote(MANIFESTS_DIRECTORY)}\n`);
      writeManifest(environment.machine.files, 'etcd');
    },
  },
]);

/** `init`: of its phases those that write manifests; a cluster is there already. */
export const init: KubeadmCommand = {
  use: 'init',
  short: 'Run this command in order to set up the Kubernetes control plane',
  subcommands: [
    group('phase', 'Use this command to invoke single phase of the "init" workflow', [controlPlane, etcd]),
  ],
  async run() {
    throw fail(
      'this machine is a control plane already; of "kubeadm init" this lab has "kubeadm init phase"',
    );
  },
};
