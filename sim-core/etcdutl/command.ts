import type { CliCommand } from '../etcdctl/cobrautl/command.ts';
import type { Flags } from '../etcdctl/cobrautl/flags.ts';
import type { Output } from '../etcdctl/printer/display.ts';
import type { CommandEnvironment, CommandIo } from '../shell/command.ts';

/** One run of etcdutl. */
export interface EtcdutlInvocation {
  readonly io: CommandIo;
  readonly environment: CommandEnvironment;
  readonly flags: Flags;
  readonly args: readonly string[];
  display(output: Output): void;
}

/** A command of etcdutl. Models etcdutl/etcdutl. */
export type EtcdutlCommand = CliCommand<EtcdutlInvocation>;
