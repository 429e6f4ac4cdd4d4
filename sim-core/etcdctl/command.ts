import type { CommandEnvironment, CommandIo } from '../shell/command.ts';
import type { CliCommand } from './cobrautl/command.ts';
import type { Flags } from './cobrautl/flags.ts';
import type { EtcdctlClient } from './network.ts';
import type { Format, Output } from './printer/display.ts';
import type { Style } from './printer/responses.ts';

/** One run of etcdctl: what a command works with. */
export interface EtcdctlInvocation {
  readonly io: CommandIo;
  readonly environment: CommandEnvironment;
  readonly flags: Flags;
  readonly args: readonly string[];
  readonly format: Format;
  readonly style: Style;
  /** --endpoints, as they were given. */
  readonly endpoints: readonly string[];
  /** --cluster asks the cluster for all of its endpoints. */
  clusterEndpoints(): Promise<readonly string[]>;
  /** A client of the first endpoint that answers; rejects with an ExitError if none does. */
  client(): Promise<EtcdctlClient>;
  /**
   * A client of one endpoint; rejects with a ConnectionTimeout if it does not answer in time.
   * `logger` names the logger that complains.
   */
  clientOf(endpoint: string, logger?: string): Promise<EtcdctlClient>;
  /** Prints an answer as --write-out asks for it. */
  display(output: Output): void;
}

/** A command of etcdctl. Models etcdctl/ctlv3/command. */
export type EtcdctlCommand = CliCommand<EtcdctlInvocation>;
