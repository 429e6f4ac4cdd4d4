import type { CommandEnvironment, CommandIo } from '../shell/command.ts';
import type { FlagTable, ParsedFlags } from './flags.ts';
import type { EtcdctlClient } from './network.ts';

/** One run of etcdctl: what a command works with. */
export interface EtcdctlInvocation {
  readonly io: CommandIo;
  readonly environment: CommandEnvironment;
  readonly flags: ParsedFlags;
  /** -w: "simple", "json", "fields" or "table". */
  readonly format: string;
  readonly endpoints: readonly string[];
  /** A client of the first endpoint that answers; rejects if none does. */
  client(): Promise<EtcdctlClient>;
  clientOf(endpoint: string): Promise<EtcdctlClient>;
}

/** A command of etcdctl: "get", or "lease grant". Models etcdctl/ctlv3/command. */
export interface EtcdctlCommand {
  readonly name: string;
  readonly flags?: FlagTable;
  run(invocation: EtcdctlInvocation): Promise<number | void>;
}
