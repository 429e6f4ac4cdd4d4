import { errorOfResponse } from '../../client-go/rest/response-error.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';
import { GIT_COMMIT, KUBERNETES_VERSION, KUSTOMIZE_VERSION } from '../../version.ts';

/** Models pkg/cmd/version. */
export const version: CommandDefinition = {
  name: 'version',
  use: '[flags] [options]',
  short: 'Print the client and server version information',
  flags: [
    { name: 'client', type: 'bool', default: 'false' },
    { name: 'output', shorthand: 'o', type: 'string' },
  ],
  async run({ factory, io }, { args, flags }) {
    if (args.length > 0) throw new Error(`extra arguments: [${args.join(' ')}]`);
    const output = flags.string('output');
    if (!['', 'yaml', 'json'].includes(output)) throw new Error("--output must be 'yaml' or 'json'");
    const clientVersion = versionInfo(KUBERNETES_VERSION);
    let serverVersion: ReturnType<typeof versionInfo> | undefined;
    let failure: unknown;
    if (!flags.bool('client')) {
      try {
        const response = await factory.client().raw({ method: 'GET', path: '/version?timeout=32s' });
        if (response.status >= 400 || typeof response.body !== 'string') throw errorOfResponse(response);
        serverVersion = JSON.parse(response.body) as ReturnType<typeof versionInfo>;
      } catch (error) {
        failure = error;
      }
    }
    if (output === '') {
      io.stdout(`Client Version: ${clientVersion.gitVersion}\nKustomize Version: ${KUSTOMIZE_VERSION}\n`);
      if (serverVersion !== undefined) io.stdout(`Server Version: ${serverVersion.gitVersion}\n`);
    } else {
      const all = {
        clientVersion,
        kustomizeVersion: KUSTOMIZE_VERSION,
        ...(serverVersion !== undefined && { serverVersion }),
      };
      io.stdout(output === 'yaml' ? toYaml(all) : `${JSON.stringify(all, undefined, 2)}\n`);
    }
    if (failure !== undefined) throw failure;
    if (serverVersion !== undefined) {
      const skew = Math.abs(minorOf(clientVersion.gitVersion) - minorOf(serverVersion.gitVersion));
      if (skew > 1) {
        io.stderr(
          `Warning: version difference between client (1.${minorOf(clientVersion.gitVersion)}) and server (1.${minorOf(serverVersion.gitVersion)}) exceeds the supported minor version skew of +/-1\n`,
        );
      }
    }
    return 0;
  },
};

function minorOf(gitVersion: string): number {
  return Number(/^v\d+\.(\d+)/.exec(gitVersion)?.[1] ?? 0);
}

/** What a client says of its own build. Models component-base/version Info. */
export function versionInfo(gitVersion: string) {
  return {
    major: '1',
    minor: String(minorOf(gitVersion)),
    gitVersion,
    gitCommit: GIT_COMMIT,
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'go1.26.0',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}
