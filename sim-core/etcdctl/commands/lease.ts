import { EtcdError } from '../../etcd/clientv3/client.ts';
import type { EtcdctlCommand } from '../command.ts';
import { type ParsedFlags, UsageError } from '../flags.ts';
import { leaseText, parseLease } from '../printer.ts';

function leaseOf(command: string, { args }: ParsedFlags): string {
  const [text, ...more] = args;
  if (text === undefined || more.length > 0)
    throw new UsageError(
      `lease ${command} command needs ${command === 'revoke' ? '1 argument' : 'lease ID as argument'}`,
    );
  const id = parseLease(text);
  if (id === undefined)
    throw new UsageError(
      `bad lease ID arg (strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax), expecting ID in Hex`,
    );
  return id;
}

export const grant: EtcdctlCommand = {
  name: 'lease grant',
  async run({ flags, io, client }) {
    const [text, ...more] = flags.args;
    if (text === undefined || more.length > 0) throw new UsageError('lease grant command needs TTL argument');
    if (!/^-?\d+$/.test(text))
      throw new UsageError(`bad TTL (strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax)`);
    const { id, ttl } = await (await client()).leaseGrant(Number(text));
    io.stdout(`lease ${leaseText(id)} granted with TTL(${ttl}s)\n`);
  },
};

export const revoke: EtcdctlCommand = {
  name: 'lease revoke',
  async run({ flags, io, client }) {
    const id = leaseOf('revoke', flags);
    try {
      await (await client()).leaseRevoke(id);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      throw new UsageError(`failed to revoke lease (${error.message})`, 1);
    }
    io.stdout(`lease ${leaseText(id)} revoked\n`);
  },
};

export const timeToLive: EtcdctlCommand = {
  name: 'lease timetolive',
  flags: { keys: { value: false } },
  async run({ flags, io, client }) {
    const id = leaseOf('timetolive', flags);
    const { ttl, grantedTtl, keys } = await (await client()).leaseTimeToLive(id, { keys: flags.has('keys') });
    if (ttl < 0) {
      io.stdout(`lease ${leaseText(id)} already expired\n`);
      return;
    }
    const attached = flags.has('keys') ? `, attached keys([${keys.join(' ')}])` : '';
    io.stdout(`lease ${leaseText(id)} granted with TTL(${grantedTtl}s), remaining(${ttl}s)${attached}\n`);
  },
};

export const list: EtcdctlCommand = {
  name: 'lease list',
  async run({ io, client }) {
    const { ids } = await (await client()).leases();
    io.stdout(`found ${ids.length} leases\n${ids.map((id) => `${leaseText(id)}\n`).join('')}`);
  },
};

/** Renews a lease every third of its time, until it is interrupted; once with --once. */
export const keepAlive: EtcdctlCommand = {
  name: 'lease keep-alive',
  flags: { once: { value: false } },
  async run({ flags, io, client, environment }) {
    const id = leaseOf('keep-alive', flags);
    const { clock, context } = environment;
    do {
      const { ttl } = await (await client()).leaseKeepAlive(id);
      if (ttl <= 0) {
        io.stdout(`lease ${leaseText(id)} expired or revoked.\n`);
        return;
      }
      io.stdout(`lease ${leaseText(id)} keepalived with TTL(${ttl})\n`);
      if (!flags.has('once')) await clock.sleep((ttl * 1000) / 3, { context });
    } while (!flags.has('once') && !context.cancelled);
  },
};
