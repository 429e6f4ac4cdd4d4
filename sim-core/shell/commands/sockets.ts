import type { Machine } from '../../node/machine.ts';
import type { ListeningSocket } from '../../node/network.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { alignedLines } from '../text/columns.ts';

/** All addresses of a machine. */
const ANY = '0.0.0.0';
/** How much of a program's name the kernel keeps. */
const NAME_LENGTH = 15;
/** How many connections may wait: net.core.somaxconn, which Go's programs ask for. */
const BACKLOG = '4096';

interface Row {
  readonly socket: ListeningSocket;
  /** A socket for all addresses is one of IPv6 that takes IPv4 along, as Go opens it. */
  readonly isAny: boolean;
  /** Cut as the kernel cuts it; undefined if nobody knows whose socket it is. */
  readonly program: string | undefined;
}

/** What listens on the addresses of the machine itself, those of pods left out; sorted by port. */
async function rowsOf({ network, processes, address: own }: Machine): Promise<readonly Row[]> {
  const sockets = (await network.sockets())
    .filter(({ address }) => address === ANY || address === own || /^(?:127\.|localhost$)/.test(address))
    .sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
  const running = processes.list();
  return sockets.map((socket) => {
    const command = running.find(({ pid }) => pid === socket.pid)?.command[0];
    return {
      socket,
      isAny: socket.address === ANY,
      program: command?.replace(/^.*\//, '').slice(0, NAME_LENGTH),
    };
  });
}

/**
 * ss of iproute2, for what listens: connections of the simulation are no sockets that stay. A filter after the options
 * may name a port (`sport = :6443`).
 */
export const ss: Command = {
  name: 'ss',
  async run(args, io, { machine }) {
    const parsed = getopt(
      'ss',
      args,
      {
        all: { short: 'a', long: 'all' },
        four: { short: '4', long: 'ipv4' },
        listening: { short: 'l', long: 'listening' },
        noHeader: { short: 'H', long: 'no-header' },
        numeric: { short: 'n', long: 'numeric' },
        processes: { short: 'p', long: 'processes' },
        extended: { short: 'e', long: 'extended' },
        tcp: { short: 't', long: 'tcp' },
        udp: { short: 'u', long: 'udp' },
      },
      io,
    );
    if (parsed === undefined) return 255;
    const { options, operands } = parsed;
    const port = /sport\s*={1,2}\s*:?(\d+)/.exec(operands.join(' '))?.[1];
    const isShown = options.has('listening') || options.has('all');
    const hasTcp = options.has('tcp') || !options.has('udp');
    const rows = (await rowsOf(machine)).filter(
      ({ socket }) => isShown && hasTcp && (port === undefined || socket.port === Number(port)),
    );
    const lines = rows.map(({ socket, isAny, program }) => [
      'LISTEN',
      '0',
      BACKLOG,
      `${isAny ? '*' : socket.address}:${socket.port}`,
      isAny ? '*:*' : '0.0.0.0:*',
      options.has('processes') && program !== undefined
        ? `users:(("${program}",pid=${socket.pid},fd=3))`
        : '',
    ]);
    const heads = ['State', 'Recv-Q', 'Send-Q', 'Local Address:Port', 'Peer Address:Port', 'Process'];
    // The columns of addresses are aligned at their colons, so to the right.
    const text = alignedLines([heads, ...lines], (column) => column === 3 || column === 4);
    for (const line of options.has('noHeader') ? text.slice(1) : text) io.stdout(`${line}\n`);
    return 0;
  },
};

/** netstat of net-tools, for what listens. */
export const netstat: Command = {
  name: 'netstat',
  async run(args, io, { machine }) {
    const parsed = getopt(
      'netstat',
      args,
      {
        all: { short: 'a', long: 'all' },
        listening: { short: 'l', long: 'listening' },
        numeric: { short: 'n', long: 'numeric' },
        programs: { short: 'p', long: 'programs' },
        tcp: { short: 't', long: 'tcp' },
        udp: { short: 'u', long: 'udp' },
        wide: { short: 'W', long: 'wide' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options } = parsed;
    const isShown = options.has('listening') || options.has('all');
    const what = options.has('all') ? 'servers and established' : isShown ? 'only servers' : 'w/o servers';
    const withProgram = options.has('programs');
    const line = (cells: readonly string[], program: string) => {
      const [proto = '', receive = '', send = '', local = '', foreign = '', state = ''] = cells;
      const head = `${proto.padEnd(5)} ${receive.padStart(6)} ${send.padStart(6)} ${local.padEnd(23)} ${foreign.padEnd(23)} ${state.padEnd(11)}`;
      io.stdout(`${withProgram ? `${head} ${program.padEnd(20)}` : head}\n`);
    };
    io.stdout(`Active Internet connections (${what})\n`);
    line(['Proto', 'Recv-Q', 'Send-Q', 'Local Address', 'Foreign Address', 'State'], 'PID/Program name');
    if (!isShown || (options.has('udp') && !options.has('tcp'))) return 0;
    for (const { socket, isAny, program } of await rowsOf(machine)) {
      const [proto, any, address] = isAny ? ['tcp6', ':::*', '::'] : ['tcp', '0.0.0.0:*', socket.address];
      line(
        [proto, '0', '0', `${address}:${socket.port}`, any, 'LISTEN'],
        program === undefined ? '-' : `${socket.pid}/${program}`,
      );
    }
    return 0;
  },
};
