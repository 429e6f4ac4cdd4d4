import type { Container } from 'kubernetes-types/core/v1';
import type { ContainerStatus } from '../../cri/runtime-service.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { selectLines } from '../server/log-options.ts';

const MAX_LENGTH = 4096;
const MAX_LOG_LENGTH = 2048;
const MAX_LOG_LINES = 80;

/**
 * What a program that has ended left for people: the text of its terminationMessagePath, or the end of its
 * log if it failed and asked for that.
 *
 * Models kuberuntime getTerminationMessage.
 */
export function terminationMessage(
  files: FileSystem,
  container: Container,
  instance: ContainerStatus,
): string {
  const path = container.terminationMessagePath ?? '/dev/termination-log';
  const mount = instance.mounts.find(({ containerPath }) => containerPath === path);
  const text = mount !== undefined && files.exists(mount.hostPath) ? files.read(mount.hostPath) : '';
  if (text !== '') return text.slice(0, MAX_LENGTH);
  const wantsLog = container.terminationMessagePolicy === 'FallbackToLogsOnError' && instance.exitCode !== 0;
  if (!wantsLog || !files.exists(instance.logPath)) return '';
  const options = {
    follow: false,
    previous: false,
    timestamps: false,
    since: -Infinity,
    limitBytes: undefined,
  };
  return selectLines(files.read(instance.logPath), { ...options, tailLines: MAX_LOG_LINES })
    .join('')
    .slice(-MAX_LOG_LENGTH);
}
