import type { Builtin } from '../builtin.ts';

const SIGNALS = 'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM'.split(' ');

/** `kill [-SIGNAL] pid | %job …` ends processes; signal 0 only looks. */
export const kill: Builtin = {
  name: 'kill',
  run(args, io, shell) {
    if (args[0] === '-l' || args[0] === '-L') {
      io.stdout(`${SIGNALS.map((name, index) => `${index + 1}) SIG${name}`).join('\t')}\n`);
      return 0;
    }
    const operands = [...args];
    let signal = 'TERM';
    while (operands[0]?.startsWith('-') === true) {
      const option = operands.shift()!;
      if (option === '--') break;
      signal = option === '-s' || option === '-n' ? (operands.shift() ?? '') : option.slice(1);
    }
    const known = /^\d+$/.test(signal) || SIGNALS.includes(signal.replace(/^SIG/, ''));
    if (!known) {
      io.stderr(`bash: kill: ${signal}: invalid signal specification\n`);
      return 1;
    }
    if (operands.length === 0) {
      io.stderr(
        'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
      );
      return 2;
    }
    let exit = 0;
    for (const operand of operands) {
      const job = shell.jobs.find(operand);
      if (job === undefined && !/^\d+$/.test(operand)) {
        io.stderr(
          operand.startsWith('%')
            ? `bash: kill: ${operand}: no such job\n`
            : `bash: kill: ${operand}: arguments must be process or job IDs\n`,
        );
        exit = 1;
        continue;
      }
      const pid = job?.pid ?? Number(operand);
      const exists = shell.session.machine.processes.list().some((process) => process.pid === pid);
      if (!exists) {
        io.stderr(`bash: kill: (${pid}) - No such process\n`);
        exit = 1;
      } else if (signal !== '0') {
        if (job !== undefined) job.context.cancel();
        shell.kill(pid);
      }
    }
    return exit;
  },
};
