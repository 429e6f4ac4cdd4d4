import type { Klog } from '../../client-go/util/klog.ts';
import type { ProgramEnvironment } from '../../node/program.ts';

/**
 * A line of a process's log, `where` being the file and line of upstream's that says it:
 * "E1123 09:00:00.000000     843 run.go:72] message\n". Models k8s.io/klog/v2 formatHeader.
 */
export function klogLine(
  { clock, pid }: ProgramEnvironment,
  severity: 'I' | 'W' | 'E' | 'F',
  where: string,
  message: string,
): string {
  const iso = new Date(clock.now()).toISOString();
  const when = `${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000`;
  return `${severity}${when} ${String(pid).padStart(7)} ${where}] ${message}\n`;
}

/** Writes lines of a process's log to its stderr. */
export function klogOf(environment: ProgramEnvironment): Klog {
  return (severity, where, message) => environment.stderr(klogLine(environment, severity, where, message));
}
