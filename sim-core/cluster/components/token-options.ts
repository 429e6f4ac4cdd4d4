import { TokenFileAuthenticator } from '../../apiserver/authentication/token-file.ts';
import type { KubeApiServerOptions } from '../../apiserver/server/kube-apiserver.ts';
import type { PublicKey } from '../../crypto/keys/public-key.ts';
import { PEM_FILE } from '../../crypto/x509/pem.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import type { Flags } from './flags.ts';
import { readFile, readFileAs } from './services.ts';

/** What flags say of bearer tokens; the signing key is known to be there. */
export function tokenOptions(
  environment: ProgramEnvironment,
  flags: Flags,
): Pick<KubeApiServerOptions, 'serviceAccountKeys' | 'bootstrapTokens' | 'tokenFile'> {
  const signer = readFileAs(environment, flags.get('service-account-signing-key-file'), PEM_FILE)?.contents
    .key;
  if (signer === undefined) throw new Error('the flags were not checked: there is no signing key');
  const tokenFile = readFile(environment, flags.get('token-auth-file'));
  return {
    serviceAccountKeys: {
      signer,
      verifiers: verifiersOf(environment, flags.get('service-account-key-file')),
    },
    bootstrapTokens: flags.bool('enable-bootstrap-token-auth', false),
    ...(tokenFile !== undefined && { tokenFile: new TokenFileAuthenticator(tokenFile) }),
  };
}

/** A public key, a private one or a certificate: each says which tokens are good. Models keyutil.PublicKeysFromFile. */
function verifiersOf(environment: ProgramEnvironment, path: string): PublicKey[] {
  const contents = readFileAs(environment, path, PEM_FILE)?.contents;
  if (contents === undefined) return [];
  const { publicKey, key, certificates } = contents;
  return [
    ...(publicKey === undefined ? [] : [publicKey]),
    ...(key === undefined ? [] : [key.publicKey]),
    ...certificates.map((certificate) => certificate.publicKey),
  ];
}
