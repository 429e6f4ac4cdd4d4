import type { Command } from '../../command.ts';
import { verify } from './verify.ts';
import { x509 } from './x509.ts';

/** The parts of OpenSSL that look at certificates: `x509`, `verify`, `version`. */
export const openssl: Command = {
  name: 'openssl',
  async run(args, io, environment) {
    const [name = '', ...rest] = args;
    if (name === 'x509') return x509(rest, io, environment);
    if (name === 'verify') return verify(rest, io, environment);
    if (name === 'version') {
      io.stdout('OpenSSL 3.0.13 30 Jan 2024 (Library: OpenSSL 3.0.13 30 Jan 2024)\n');
      return 0;
    }
    io.stderr(
      name === ''
        ? 'help:\n\nStandard commands\nverify            version           x509\n'
        : `Invalid command '${name}'; type "help" for a list.\n`,
    );
    return name === '' ? 0 : 1;
  },
};
