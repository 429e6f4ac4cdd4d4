import { curve } from '../../../crypto/keys/curve.ts';
import { Pem } from '../../../crypto/x509/pem.ts';
import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { CommandEnvironment, CommandIo } from '../../command.ts';
import { nameText } from './names.ts';

/** What X509_verify_cert says for the reasons of crypto/x509. */
const ERRORS = {
  expired: [10, 'certificate has expired'],
  'unknown authority': [20, 'unable to get local issuer certificate'],
  other: [24, 'invalid CA certificate'],
} as const;

/** `openssl verify -CAfile CA CERTIFICATE…`. */
export async function verify(
  args: readonly string[],
  io: CommandIo,
  { machine: { files }, cwd, clock }: CommandEnvironment,
): Promise<number> {
  const words = [...args];
  const authorities: string[] = [];
  while (words[0]?.startsWith('-') === true) {
    const option = words.shift()!;
    if (option === '-CAfile' || option === '-trusted' || option === '-untrusted') {
      const path = words.shift() ?? '';
      if (option !== '-untrusted') authorities.push(path);
    } else if (option !== '-verbose' && option !== '-no-CApath') {
      io.stderr(`verify: Unknown option: ${option.slice(1)}\nverify: Use -help for summary.\n`);
      return 1;
    }
  }
  await curve.load(clock);
  let exit = 0;
  const read = (path: string): string | undefined => {
    try {
      return files.read(resolvePath(cwd, path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      io.stderr(`Could not open file or uri for loading certificate file from ${path}: ${error.message}\n`);
      exit = 2;
      return undefined;
    }
  };
  const { pool } = Pem.ofText(authorities.map((path) => read(path) ?? '').join(''));
  for (const path of exit === 0 ? words : []) {
    const text = read(path);
    if (text === undefined) continue;
    const [certificate] = certificatesOf(text);
    if (certificate === undefined) {
      io.stderr(`Could not read certificate file from ${path}\nUnable to load certificate file\n`);
      exit = 2;
      continue;
    }
    const problem = pool.problem(certificate, { now: clock.now(), usage: 'any' });
    // What a certificate is good for is not asked here.
    if (problem === undefined || problem.message.includes('incompatible key usage')) {
      io.stdout(`${path}: OK\n`);
      continue;
    }
    const [code, message] = ERRORS[problem.reason];
    io.stderr(
      `${nameText(certificate.subject)}\nerror ${code} at 0 depth lookup: ${message}\nerror ${path}: verification failed\n`,
    );
    exit = 2;
  }
  return exit;
}

/** Those of a text; none if one of them cannot be read. */
export function certificatesOf(text: string): Pem['contents']['certificates'] {
  try {
    return Pem.ofText(text).contents.certificates;
  } catch {
    return [];
  }
}
