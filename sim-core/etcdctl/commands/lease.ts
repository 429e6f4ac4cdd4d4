import { goQuote } from '../../apimachinery/go-format.ts';
import { signedComplaint } from '../../apimachinery/go-numbers.ts';
import { EtcdError } from '../../etcd/clientv3/client.ts';
import type { ResponseHeader } from '../../etcd/clientv3/client.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { EtcdctlCommand } from '../command.ts';
import { ConnectionTimeout } from '../connection.ts';
import type { EtcdctlClient } from '../network.ts';
import type { Output } from '../printer/display.ts';
import type { Style } from '../printer/responses.ts';
import { headerOutput } from '../printer/responses.ts';
import { headerFields, headerJson, keyText, leaseText, parseId, RawNumber } from '../printer/values.ts';

/** The lease that the only argument names. */
function leaseOf(command: string, args: readonly string[], wants = 'lease ID as argument'): string {
  const [text] = args;
  if (text === undefined || args.length > 1)
    throw new ExitError('badArgs', `lease ${command} command needs ${wants}`);
  const id = parseId(text);
  if (id !== undefined) return id;
  throw new ExitError(
    'badArgs',
    `bad lease ID arg (strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax), expecting ID in Hex`,
  );
}

/** An answer about one lease: clientv3 has the header's fields beside its own. */
function leaseOutput(
  simple: string,
  header: ResponseHeader,
  fields: string,
  json: Record<string, unknown>,
  { isHex }: Style,
): Output {
  return { simple, fields: headerFields(header, isHex) + fields, json: { ...headerJson(header), ...json } };
}

const idField = (id: string, { isHex }: Style) => `"ID" : ${isHex ? leaseText(id) : id}\n`;

const grant: EtcdctlCommand = {
  use: 'grant <ttl>',
  short: 'Creates leases',
  async run({ args, style, client, display }) {
    const [text] = args;
    if (text === undefined || args.length > 1)
      throw new ExitError('badArgs', 'lease grant command needs TTL argument');
    const complaint = signedComplaint(text);
    if (complaint !== undefined) throw new ExitError('badArgs', `bad TTL (${complaint})`);
    const { header, id, ttl } = await failing('grant', async () => (await client()).leaseGrant(Number(text)));
    display(
      leaseOutput(
        `lease ${leaseText(id)} granted with TTL(${ttl}s)\n`,
        header,
        `${idField(id, style)}"TTL" : ${ttl}\n`,
        { ID: new RawNumber(id), TTL: ttl, Error: '' },
        style,
      ),
    );
  },
};

/** The server's error in etcdctl's words. */
async function failing<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof EtcdError) && !(error instanceof ConnectionTimeout)) throw error;
    throw new ExitError('error', `failed to ${what} lease (${error.message})`);
  }
}

const revoke: EtcdctlCommand = {
  use: 'revoke <leaseID>',
  short: 'Revokes leases',
  async run({ args, style, client, display }) {
    const id = leaseOf('revoke', args, '1 argument');
    const { header } = await failing('revoke', async () => (await client()).leaseRevoke(id));
    display(headerOutput(`lease ${leaseText(id)} revoked\n`, header, style));
  },
};

const timeToLive: EtcdctlCommand = {
  use: 'timetolive <leaseID> [options]',
  short: 'Get lease information',
  flags: [{ name: 'keys', type: 'bool', default: 'false', usage: 'Get keys attached to this lease' }],
  async run({ args, flags, style, client, display }) {
    const id = leaseOf('timetolive', args);
    const wantsKeys = flags.bool('keys');
    const { header, ttl, grantedTtl, keys } = await (await client()).leaseTimeToLive(id, { keys: wantsKeys });
    const attached = wantsKeys ? `, attached keys([${keys.join(' ')}])` : '';
    const gone = ttl === -1 && grantedTtl === 0;
    display(
      leaseOutput(
        gone
          ? `lease ${leaseText(id)} already expired\n`
          : `lease ${leaseText(id)} granted with TTL(${grantedTtl}s), remaining(${ttl}s)${attached}\n`,
        header,
        `${idField(id, style)}"TTL" : ${ttl}\n"GrantedTTL" : ${grantedTtl}\n${keys.map((key) => `"Key" : ${goQuote(key)}\n`).join('')}`,
        {
          id: new RawNumber(id),
          ttl,
          'granted-ttl': grantedTtl,
          keys: keys.length === 0 ? null : keys.map(keyText),
        },
        style,
      ),
    );
  },
};

const list: EtcdctlCommand = {
  use: 'list',
  short: 'List all active leases',
  async run({ style, client, display }) {
    const { header, ids } = await (await client()).leases();
    display(
      leaseOutput(
        `found ${ids.length} leases\n${ids.map((id) => `${leaseText(id)}\n`).join('')}`,
        header,
        ids.map((id) => idField(id, style)).join(''),
        { leases: ids.map((id) => ({ id: new RawNumber(id) })) },
        style,
      ),
    );
  },
};

/** Undefined if there is no such lease. */
async function renew(
  client: EtcdctlClient,
  id: string,
): Promise<{ header: ResponseHeader; ttl: number } | undefined> {
  try {
    return await client.leaseKeepAlive(id);
  } catch (error) {
    if (error instanceof EtcdError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

/** Renews a lease every third of its time, until it is interrupted; once with --once. */
const keepAlive: EtcdctlCommand = {
  use: 'keep-alive [options] <leaseID>',
  short: 'Keeps leases alive (renew)',
  flags: [
    {
      name: 'once',
      type: 'bool',
      default: 'false',
      usage: 'Resets the keep-alive time to its original value and cobrautl.Exits immediately',
    },
  ],
  async run({ args, flags, io, format, style, environment, client, display }) {
    const id = leaseOf('keep-alive', args);
    const once = flags.bool('once');
    const { clock, context } = environment;
    const connection = await client();
    while (!context.cancelled) {
      const renewed = await renew(connection, id);
      if (renewed === undefined) {
        if (once) throw new ExitError('badConnection', 'etcdserver: requested lease not found');
        if (format === 'simple') io.stdout(`lease ${leaseText(id)} expired or revoked.\n`);
        return 0;
      }
      const { header, ttl } = renewed;
      display(
        leaseOutput(
          `lease ${leaseText(id)} keepalived with TTL(${ttl})\n`,
          header,
          `${idField(id, style)}"TTL" : ${ttl}\n`,
          { ID: new RawNumber(id), TTL: ttl },
          style,
        ),
      );
      if (once) return 0;
      await clock.sleep((ttl * 1000) / 3, { context });
    }
    return 130;
  },
};

/** Models lease_command.go. */
export const lease: EtcdctlCommand = {
  use: 'lease <subcommand>',
  short: 'Lease related commands',
  subcommands: [grant, revoke, timeToLive, list, keepAlive],
};
