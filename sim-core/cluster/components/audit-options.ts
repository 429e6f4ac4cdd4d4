import { parse } from 'yaml';
import { AuditEvent } from '../../apiserver/audit/audit-event.ts';
import { AuditPolicy } from '../../apiserver/audit/policy.ts';
import type { AuditBackend } from '../../apiserver/endpoints/filters/audit-log.ts';
import { FileError } from '../../node/file-system.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { directoryName } from '../../node/path.ts';
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
  try {
    return { backend: { policy, begin, write: logWriter(environment.files, logPath) } };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { fault: `ensureLogFile: open ${logPath}: ${error.message.toLowerCase()}` };
  }
}

/**
 * Appends to a file, made if need be; one that lies on no volume is lost with the container. Throws a FileError if it
 * cannot be written. Models AuditLogOptions.ensureLogFile.
 */
function logWriter(files: FileSystem, path: string): (line: string) => void {
  const directory = directoryName(path);
  if (!files.exists(directory)) files.makeDirectory(directory, { parents: true, mode: 0o700 });
  const write = (line: string) => {
    if (files.exists(path)) files.append(path, line);
    else files.write(path, line, { mode: 0o600 });
  };
  write('');
  return write;
}
