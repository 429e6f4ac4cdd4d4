import type { ImageService, RuntimeService } from '../cri/runtime-service.ts';
import type { CommandEnvironment, CommandIo } from '../shell/command.ts';

/** The container runtime of a machine. */
export interface MachineRuntime {
  readonly runtime: RuntimeService;
  readonly images: ImageService;
}

/** What a command of crictl works with. */
export interface CrictlInvocation extends MachineRuntime {
  readonly io: CommandIo;
  readonly environment: CommandEnvironment;
}

/** What ends a command; `message` is what crictl logs. */
export class Fatal extends Error {}
