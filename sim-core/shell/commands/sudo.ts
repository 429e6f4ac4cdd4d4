import type { Command } from '../command.ts';
import { quoteWord } from '../quote.ts';

const USAGE = `usage: sudo -h | -K | -k | -V
usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]
usage: sudo [-ABbEHnPS] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] [VAR=value] [-i | -s] [command [arg ...]]
`;
const WITH_VALUE = new Set(['-C', '-D', '-g', '-h', '-p', '-R', '-T', '-u']);
/** What is left of the caller's environment. Models env_reset and env_keep of Ubuntu's sudoers. */
const KEPT = new Set(['HOME', 'LANG', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER']);
const NOT_FOUND = 127;

/** Everybody is root here, so the command runs as it is, but with the environment that sudo makes for it. */
export const sudo: Command = {
  name: 'sudo',
  async run(args, io, environment) {
    const options: string[] = [];
    const rest = [...args];
    let user = 'root';
    while (rest[0]?.startsWith('-') === true) {
      const option = rest.shift()!;
      if (option === '--') break;
      options.push(option);
      const value = WITH_VALUE.has(option) ? rest.shift() : undefined;
      if (option === '-u') user = value ?? '';
      else if (option.startsWith('--user=')) user = option.slice('--user='.length);
    }
    if (user !== 'root' && user !== '#0') {
      io.stderr(`sudo: unknown user ${user}\nsudo: error initializing audit plugin sudoers_audit\n`);
      return 1;
    }
    const keepsAll = options.some((option) => option === '--preserve-env' || /^-[a-zA-Z]*E/.test(option));
    const assigned: string[] = [];
    while (/^\w+=/.test(rest[0] ?? '')) {
      const [name, value] = splitAt(rest.shift()!);
      assigned.push(`export ${name}=${quoteWord(value)}`);
    }
    const [command] = rest;
    if (command === undefined) {
      // A shell of root is what there is already.
      if (options.some((option) => /^-[a-zA-Z]*[isvkK]|^--(?:login|shell)$/.test(option))) return 0;
      io.stderr(USAGE);
      return 1;
    }
    const lost = keepsAll ? [] : Object.keys(environment.variables).filter((name) => !KEPT.has(name));
    const line = [
      ...(lost.length > 0 ? [`unset ${lost.join(' ')}`] : []),
      `export SUDO_USER=root SUDO_UID=0 SUDO_GID=0 SUDO_COMMAND=${quoteWord(rest.join(' '))}`,
      ...assigned,
      rest.map(quoteWord).join(' '),
    ].join('; ');
    let isMissing = false;
    const exit = await environment.execute(line, {
      ...io,
      stderr: (text) => {
        if (text !== `bash: ${command}: command not found\n`) return io.stderr(text);
        isMissing = true;
        io.stderr(`sudo: ${command}: command not found\n`);
      },
    });
    return isMissing && exit === NOT_FOUND ? 1 : exit;
  },
};

/** "A=b=c" in name and value. */
function splitAt(assignment: string): [name: string, value: string] {
  const at = assignment.indexOf('=');
  return [assignment.slice(0, at), assignment.slice(at + 1)];
}
