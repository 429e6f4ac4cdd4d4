import type { CommandDefinition } from '../cobra/command.ts';
import { buildKustomization } from '../kustomize/build.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';
import { resolvePath } from '../../node/path.ts';

/** Models sigs.k8s.io/kustomize/kustomize/commands/build, as kubectl carries it. */
export const kustomize: CommandDefinition = {
  name: 'kustomize',
  use: 'DIR [flags] [options]',
  short: 'Build a kustomization target from a directory or URL',
  flags: [
    { name: 'as-current-user', type: 'bool', default: 'false' },
    { name: 'enable-alpha-plugins', type: 'bool', default: 'false' },
    { name: 'enable-helm', type: 'bool', default: 'false' },
    { name: 'env', shorthand: 'e', type: 'stringArray' },
    { name: 'helm-api-versions', type: 'stringArray' },
    { name: 'helm-command', type: 'string', default: 'helm' },
    { name: 'helm-debug', type: 'bool', default: 'false' },
    { name: 'helm-kube-version', type: 'string' },
    { name: 'load-restrictor', type: 'string', default: 'LoadRestrictionsRootOnly' },
    { name: 'mount', type: 'stringArray' },
    { name: 'network', type: 'bool', default: 'false' },
    { name: 'network-name', type: 'string', default: 'bridge' },
    { name: 'output', shorthand: 'o', type: 'string' },
  ],
  async run({ io, environment }, { args, flags }) {
    if (args.length > 1) throw new Error('specify one path to kustomization.yaml');
    const { machine, cwd } = environment;
    const objects = buildKustomization(machine.files, cwd, args[0] ?? '.', {
      warn: (line) => io.stderr(`${line}\n`),
    });
    const text = objects.map((object) => toYaml(object)).join('---\n');
    const output = flags.string('output');
    if (output === '') io.stdout(text);
    else machine.files.write(resolvePath(cwd, output), text);
    return 0;
  },
};
