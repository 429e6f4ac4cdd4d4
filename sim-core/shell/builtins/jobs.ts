import type { Builtin } from '../builtin.ts';

/** `jobs`: what runs in the background. */
export const jobs: Builtin = {
  name: 'jobs',
  run(args, io, shell) {
    const list = shell.jobs.list();
    for (const [index, { number, pid, line }] of list.entries()) {
      if (args.includes('-p')) {
        io.stdout(`${pid}\n`);
        continue;
      }
      const mark = index === list.length - 1 ? '+' : index === list.length - 2 ? '-' : ' ';
      const shownPid = args.includes('-l') ? ` ${pid}` : '';
      io.stdout(`[${number}]${mark} ${shownPid} Running                 ${line} &\n`);
    }
    return 0;
  },
};

/** `fg [%n]` waits for a job as if it had been started without `&`. */
export const fg: Builtin = {
  name: 'fg',
  async run([name = '%%'], io, shell) {
    const job = shell.jobs.find(name);
    if (job === undefined) {
      io.stderr(`bash: fg: ${name === '%%' ? 'current' : name}: no such job\n`);
      return 1;
    }
    io.stdout(`${job.line}\n`);
    const detach = shell.context.onCancel(() => job.context.cancel());
    const exit = await job.ended;
    detach();
    return exit;
  },
};

/** `wait [%n | pid …]` waits until jobs have ended, all of them by default. */
export const wait: Builtin = {
  name: 'wait',
  async run(args, io, shell) {
    const chosen = args.length === 0 ? shell.jobs.list() : args.map((name) => shell.jobs.find(name));
    let exit = 0;
    for (const [index, job] of [...chosen].entries()) {
      if (job === undefined) {
        io.stderr(`bash: wait: pid ${args[index]} is not a child of this shell\n`);
        exit = 127;
        continue;
      }
      const cancelled = new Promise<number>((resolve) => shell.context.onCancel(() => resolve(130)));
      exit = await Promise.race([job.ended, cancelled]);
    }
    return args.length === 0 ? 0 : exit;
  },
};
