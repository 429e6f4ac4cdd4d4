import type { CommandDefinition } from '../cobra/command.ts';
import { alpha } from './alpha.ts';
import { get } from './get.ts';

/**
 * The command tree, in the order in which kubectl adds its commands: what lists and suggestions of verbs
 * say stands here, the rest is fetched when a verb is first used. Models pkg/cmd NewKubectlCommand.
 */
export const root: CommandDefinition = {
  name: 'kubectl',
  use: '[flags] [options]',
  short: 'kubectl controls the Kubernetes cluster manager',
  groups: [
    { title: 'Basic Commands (Beginner)', commands: ['create', 'expose', 'run', 'set'] },
    { title: 'Basic Commands (Intermediate)', commands: ['explain', 'get', 'edit', 'delete'] },
    { title: 'Deploy Commands', commands: ['rollout', 'scale', 'autoscale'] },
    {
      title: 'Cluster Management Commands',
      commands: ['certificate', 'cluster-info', 'top', 'cordon', 'uncordon', 'drain', 'taint'],
    },
    {
      title: 'Troubleshooting and Debugging Commands',
      commands: [
        ...['describe', 'logs', 'attach', 'exec', 'port-forward', 'proxy', 'cp', 'auth', 'debug', 'events'],
      ],
    },
    { title: 'Advanced Commands', commands: ['diff', 'apply', 'patch', 'replace', 'wait', 'kustomize'] },
    { title: 'Settings Commands', commands: ['label', 'annotate', 'completion'] },
    { title: 'Subcommands provided by plugins', commands: [] },
    {
      title: 'Other Commands',
      commands: ['api-resources', 'api-versions', 'config', 'kuberc', 'plugin', 'version'],
    },
  ],
  subcommands: [
    {
      name: 'create',
      short: 'Create a resource from a file or from stdin',
      load: async () => (await import('./create/index.ts')).create,
    },
    {
      name: 'expose',
      short:
        'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
      load: async () => (await import('./expose.ts')).expose,
    },
    {
      name: 'run',
      short: 'Run a particular image on the cluster',
      load: async () => (await import('./run.ts')).run,
    },
    {
      name: 'set',
      short: 'Set specific features on objects',
      load: async () => (await import('./set/index.ts')).set,
    },
    {
      name: 'explain',
      short: 'Get documentation for a resource',
      load: async () => (await import('./explain.ts')).explain,
    },
    get,
    {
      name: 'edit',
      short: 'Edit a resource on the server',
      load: async () => (await import('./edit/edit.ts')).edit,
    },
    {
      name: 'delete',
      short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
      suggestFor: ['rm', 'remove'],
      load: async () => (await import('./delete.ts')).deleteCommand,
    },
    {
      name: 'rollout',
      short: 'Manage the rollout of a resource',
      load: async () => (await import('./rollout/rollout.ts')).rollout,
    },
    {
      name: 'scale',
      short: 'Set a new size for a deployment, replica set, or replication controller',
      load: async () => (await import('./scale.ts')).scale,
    },
    {
      name: 'autoscale',
      short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
      load: async () => (await import('./autoscale.ts')).autoscale,
    },
    {
      name: 'certificate',
      short: 'Modify certificate resources',
      load: async () => (await import('./certificate.ts')).certificate,
    },
    {
      name: 'cluster-info',
      short: 'Display cluster information',
      load: async () => (await import('./cluster-info/cluster-info.ts')).clusterInfo,
    },
    {
      name: 'top',
      short: 'Display resource (CPU/memory) usage',
      suggestFor: ['stats'],
      load: async () => (await import('./top.ts')).top,
    },
    {
      name: 'cordon',
      short: 'Mark node as unschedulable',
      load: async () => (await import('./drain/cordon.ts')).cordon,
    },
    {
      name: 'uncordon',
      short: 'Mark node as schedulable',
      load: async () => (await import('./drain/cordon.ts')).uncordon,
    },
    {
      name: 'drain',
      short: 'Drain node in preparation for maintenance',
      load: async () => (await import('./drain/drain.ts')).drain,
    },
    {
      name: 'taint',
      short: 'Update the taints on one or more nodes',
      load: async () => (await import('./taint.ts')).taint,
    },
    {
      name: 'describe',
      short: 'Show details of a specific resource or group of resources',
      suggestFor: ['inspect'],
      load: async () => (await import('./describe.ts')).describe,
    },
    {
      name: 'logs',
      short: 'Print the logs for a container in a pod',
      load: async () => (await import('./logs.ts')).logs,
    },
    {
      name: 'attach',
      short: 'Attach to a running container',
      load: async () => (await import('./exec/attach.ts')).attach,
    },
    {
      name: 'exec',
      short: 'Execute a command in a container',
      load: async () => (await import('./exec/exec.ts')).exec,
    },
    {
      name: 'port-forward',
      short: 'Forward one or more local ports to a pod',
      load: async () => (await import('./port-forward.ts')).portForward,
    },
    {
      name: 'proxy',
      short: 'Run a proxy to the Kubernetes API server',
      load: async () => (await import('./proxy.ts')).proxy,
    },
    {
      name: 'cp',
      short: 'Copy files and directories to and from containers',
      load: async () => (await import('./exec/cp.ts')).cp,
    },
    {
      name: 'auth',
      short: 'Inspect authorization',
      load: async () => (await import('./auth/auth.ts')).auth,
    },
    {
      name: 'debug',
      short: 'Create debugging sessions for troubleshooting workloads and nodes',
      load: async () => (await import('./debug/debug.ts')).debug,
    },
    {
      name: 'events',
      short: 'List events',
      load: async () => (await import('./events.ts')).events,
    },
    {
      name: 'diff',
      short: 'Diff the live version against a would-be applied version',
      load: async () => (await import('./diff.ts')).diff,
    },
    {
      name: 'apply',
      short: 'Apply a configuration to a resource by file name or stdin',
      load: async () => (await import('./apply/apply.ts')).apply,
    },
    {
      name: 'patch',
      short: 'Update fields of a resource',
      load: async () => (await import('./patch.ts')).patch,
    },
    {
      name: 'replace',
      short: 'Replace a resource by file name or stdin',
      load: async () => (await import('./replace.ts')).replace,
    },
    {
      name: 'wait',
      short: 'Wait for a specific condition on one or many resources',
      load: async () => (await import('./wait.ts')).wait,
    },
    {
      name: 'kuberc',
      short: 'Manage kuberc configuration files',
      load: async () => (await import('./kuberc.ts')).kuberc,
    },
    {
      name: 'kustomize',
      short: 'Build a kustomization target from a directory or URL',
      load: async () => (await import('./kustomize.ts')).kustomize,
    },
    {
      name: 'label',
      short: 'Update the labels on a resource',
      load: async () => (await import('./metadata-patch.ts')).label,
    },
    {
      name: 'annotate',
      short: 'Update the annotations on a resource',
      load: async () => (await import('./metadata-patch.ts')).annotate,
    },
    {
      name: 'completion',
      short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
      load: async () => (await import('./completion/command.ts')).completion,
    },
    alpha,
    {
      name: 'config',
      short: 'Modify kubeconfig files',
      load: async () => (await import('./config/config.ts')).config,
    },
    {
      name: 'plugin',
      short: 'Provides utilities for interacting with plugins',
      load: async () => (await import('./plugin.ts')).plugin,
    },
    {
      name: 'version',
      short: 'Print the client and server version information',
      load: async () => (await import('./version.ts')).version,
    },
    {
      name: 'api-versions',
      short: 'Print the supported API versions on the server, in the form of "group/version"',
      load: async () => (await import('./api-resources.ts')).apiVersions,
    },
    {
      name: 'api-resources',
      short: 'Print the supported API resources on the server',
      load: async () => (await import('./api-resources.ts')).apiResources,
    },
    {
      name: 'options',
      short: 'Print the list of flags inherited by all commands',
      hidden: true,
      load: async () => (await import('./options.ts')).options,
    },
    {
      name: 'help',
      short: 'Help about any command',
      load: async () => (await import('./help.ts')).help,
    },
  ],
};
