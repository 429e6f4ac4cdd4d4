import { parse } from 'yaml';
import { AuditEvent } from '../../apiserver/audit/audit-event.ts';
import { AuditPolicy } from '../../apiserver/audit/policy.ts';
import type { AuditBackend } from '../../apiserver/endpoints/filters/audit-log.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import type { Flags } from './flags.ts';
import { readFile } from './services.ts';

/** What flags say of auditing: a backend, none at all, or what the process says before it gives up. */
export type AuditOptions = { readonly backend: AuditBackend | undefined } | { readonly fault: string };

const begin: AuditBackend['begin'] = (...of) => new AuditEvent(...of);

/**
 * Reads --audit-policy-file, which must be given, and --audit-log-path; the path "-" is the process's output. Models server/options/audit.go ApplyTo.
 */
export function auditOptions(environment: ProgramEnvironment, flags: Flags): AuditOptions {
  const policyPath = flags.get('audit-policy-file');
  const logPath = flags.get('audit-log-path');
  const failed = (why: string): AuditOptions => ({ fault: `loading audit policy file: ${why}` });
  const text = readFile(environment, policyPath);
  if (text === undefined) {
    return failed(
      `failed to read file path ${JSON.stringify(policyPath)}: open ${policyPath}: no such file or directory`,
    );
  }
  let policy: AuditPolicy;
  try {
    policy = new AuditPolicy(parse(text));
  } catch (error) {
    return failed(`${(error as Error).message}: from file ${policyPath}`);
  }
  if (logPath === '') return { backend: undefined };
  if (logPath === '-') return { backend: { policy, begin, write: environment.stdout } };
  const write = logWriter(environment, logPath);
  return write === undefined
    ? { fault: `ensureLogFile: open ${logPath}: no such file or directory` }
    : { backend: { policy, begin, write } };
}

/** Appends to a file, made if need be; a file that the process cannot see outside of its container is lost with it. */
function logWriter(
  { machine: { files }, hostPath }: ProgramEnvironment,
  path: string,
): ((line: string) => void) | undefined {
  const real = hostPath(path);
  if (real === undefined) return () => {};
  const directory = real.slice(0, real.lastIndexOf('/')) || '/';
  files.makeDirectory(directory, { parents: true, mode: 0o700 });
  if (!files.exists(real)) files.write(real, '', { mode: 0o600 });
  return (line) => {
    if (files.exists(real)) files.append(real, line);
    else files.write(real, line, { mode: 0o600 });
  };
}
