import { parse } from 'yaml';
import { AuditEvent } from '../../apiserver/audit/audit-event.ts';
import { AuditPolicy } from '../../apiserver/audit/policy.ts';
import type { AuditBackend } from '../../apiserver/endpoints/filters/audit-log.ts';
import { FileError } from '../../node/file-system.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { directoryName } from '../../node/path.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import { CommandError } from './command.ts';
import type { Flags } from './flags.ts';
import { readFile } from './services.ts';

const begin: AuditBackend['begin'] = (...of) => new AuditEvent(...of);

/**
 * Reads --audit-policy-file, which must be given, and --audit-log-path; the path "-" is the process's output. Undefined
 * if nothing is logged. Throws a {@link CommandError}. Models server/options/audit.go ApplyTo.
 */
export function auditBackend(environment: ProgramEnvironment, flags: Flags): AuditBackend | undefined {
  const policyPath = flags.get('audit-policy-file');
  const logPath = flags.get('audit-log-path');
  const failed = (why: string) => new CommandError(`loading audit policy file: ${why}`);
  const text = readFile(environment, policyPath);
  if (text === undefined) {
    throw failed(
      `failed to read file path ${JSON.stringify(policyPath)}: open ${policyPath}: no such file or directory`,
    );
  }
  let policy: AuditPolicy;
  try {
    policy = new AuditPolicy(parse(text));
  } catch (error) {
    throw failed(`${(error as Error).message}: from file ${policyPath}`);
  }
  if (logPath === '') return undefined;
  if (logPath === '-') return { policy, begin, write: environment.stdout };
  try {
    return { policy, begin, write: logWriter(environment.files, logPath) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(`ensureLogFile: open ${logPath}: ${error.message.toLowerCase()}`);
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
