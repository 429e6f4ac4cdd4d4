import type { Command } from '../command.ts';
import { echo } from './echo.ts';
import { env } from './env.ts';
import { hostname, id, uname, whoami } from './identity.ts';
import { sleep } from './sleep.ts';
import { clear, no, pwd, yes, yesCommand } from './trivial.ts';

/** A program that is fetched when it first runs. */
export const lazy = (name: string, load: () => Promise<Command>): Command => ({
  name,
  run: async (args, io, environment) => (await environment.clock.outside(load())).run(args, io, environment),
});

const ADMINISTRATION = [
  ...(['chown', 'df', 'free', 'killall', 'netstat', 'openssl', 'pgrep', 'pidof', 'pkill'] as const),
  ...(['ss', 'stat', 'sudo', 'touch'] as const),
];

/** The programs of the lab's shell that need nothing but the machine. */
export const COMMANDS: readonly Command[] = [
  lazy('awk', async () => (await import('./awk/awk.ts')).awk),
  lazy('cat', async () => (await import('./cat.ts')).cat),
  clear,
  lazy('cp', async () => (await import('./files.ts')).cp),
  lazy('cut', async () => (await import('./cut.ts')).cut),
  lazy('date', async () => (await import('./date.ts')).date),
  lazy('diff', async () => (await import('./diff.ts')).diff),
  lazy('du', async () => (await import('./du.ts')).du),
  echo,
  lazy('egrep', async () => (await import('./grep.ts')).egrep),
  env,
  lazy('fgrep', async () => (await import('./grep.ts')).fgrep),
  lazy('find', async () => (await import('./find/find.ts')).find),
  lazy('grep', async () => (await import('./grep.ts')).grep),
  lazy('head', async () => (await import('./head.ts')).head),
  hostname,
  id,
  lazy('journalctl', async () => (await import('./journalctl.ts')).journalctl),
  lazy('less', async () => (await import('./pager.ts')).less),
  lazy('ls', async () => (await import('./ls.ts')).ls),
  lazy('mkdir', async () => (await import('./files.ts')).mkdir),
  lazy('more', async () => (await import('./pager.ts')).more),
  lazy('mv', async () => (await import('./files.ts')).mv),
  lazy('nano', async () => (await import('./editors/editors.ts')).nano),
  no,
  lazy('ps', async () => (await import('./ps.ts')).ps),
  pwd,
  lazy('rm', async () => (await import('./files.ts')).rm),
  lazy('sed', async () => (await import('./sed/sed.ts')).sed),
  lazy('seq', async () => (await import('./seq.ts')).seq),
  sleep,
  lazy('sort', async () => (await import('./sort.ts')).sort),
  lazy('split', async () => (await import('./split.ts')).split),
  lazy('systemctl', async () => (await import('./systemctl.ts')).systemctl),
  lazy('tail', async () => (await import('./tail.ts')).tail),
  lazy('tr', async () => (await import('./tr.ts')).tr),
  lazy('tee', async () => (await import('./tee.ts')).tee),
  uname,
  lazy('uniq', async () => (await import('./uniq.ts')).uniq),
  lazy('vi', async () => (await import('./editors/editors.ts')).vi),
  lazy('vim', async () => (await import('./editors/editors.ts')).vim),
  lazy('watch', async () => (await import('./watch.ts')).watch),
  lazy('wc', async () => (await import('./wc.ts')).wc),
  whoami,
  lazy('xargs', async () => (await import('./xargs.ts')).xargs),
  yes,
  yesCommand,
  ...ADMINISTRATION.map((name) => lazy(name, async () => (await import('./administration.ts'))[name])),
];
