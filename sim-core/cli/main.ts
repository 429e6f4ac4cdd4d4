import { runInteractiveShell } from './interactive-shell.ts';
import { runJsonShell } from './json-shell.ts';
import { openLab } from './lab.ts';
import { parseShellOptions, UsageError } from './options.ts';

const USAGE = `usage: npm run -s sim -- serve [--port N] [--kubeconfig FILE] [--components apiserver|all]
                               [--etcd URL] [--seed N] [--pki DIR]
       npm run -s sim -- shell [--json] [--seed N] [--empty-etcd]

  serve          the cluster as a real HTTPS server on 127.0.0.1, for kubectl and other clients; Ctrl-C ends it
    --port N     where (default 6443; 0 takes a free one)
    --kubeconfig FILE
                 where the administrator's kubeconfig goes (default ./kubeconfig)
    --components apiserver
                 a bare kube-apiserver; all (default): controlplane, node01 and node02 with all that runs on them
    --etcd URL   keeps the objects in a real etcd
    --seed N     which cluster; without it every start is another
    --pki DIR    keeps CA and keys between starts
  shell          the lab's terminal: a cluster of controlplane, node01 and node02
    --json       one JSON object a line: {"run": "kubectl get nodes", "stdin": ""}
    --seed N     which cluster: the same number gives the same names and keys (default 1)
    --empty-etcd an etcd without a cluster, for etcdctl
`;

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === 'help' || args.some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (command === 'serve') return (await import('./serve/run.ts')).runServe(rest);
  if (command !== 'shell') {
    process.stderr.write(command === undefined ? USAGE : `unknown command ${command}\n\n${USAGE}`);
    return 2;
  }
  const options = parseShellOptions(rest);
  const lab = await openLab(options);
  if (options.json) {
    await runJsonShell(lab, process.stdin, process.stdout);
    // What still runs in the background ends with the shell.
    process.stdout.write('', () => process.exit());
  } else await runInteractiveShell(lab, process.stdin, process.stdout);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
