import { parse } from 'yaml';
import type { RestConfig } from '../../client-go/rest/config.ts';
import { decodeBase64 } from '../../kubectl/util/base64.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import type { ComponentServices } from './services.ts';
import { readFile } from './services.ts';

interface File {
  readonly clusters?: readonly {
    readonly cluster?: { readonly server?: string; readonly 'certificate-authority-data'?: string };
  }[];
  readonly users?: readonly {
    readonly user?: {
      readonly 'client-certificate-data'?: string;
      readonly 'client-key-data'?: string;
      readonly 'client-certificate'?: string;
      readonly 'client-key'?: string;
    };
  }[];
}

/**
 * Who a component is and where its apiserver is, from the kubeconfig that a flag names; or the words
 * with which the component ends.
 */
export function restConfigFrom(
  { clients, decoder, resumeFrom }: ComponentServices,
  environment: ProgramEnvironment,
  path: string,
  userAgent: string,
): RestConfig | { readonly problem: string } {
  const text = readFile(environment, path);
  if (text === undefined) return { problem: `stat ${path}: no such file or directory` };
  const file = (parse(text) ?? {}) as File;
  const cluster = file.clusters?.[0]?.cluster;
  const user = file.users?.[0]?.user;
  if (cluster?.server === undefined || user === undefined) {
    return { problem: 'invalid configuration: no configuration has been provided' };
  }
  const certificateText =
    inline(user['client-certificate-data']) ?? readFile(environment, user['client-certificate'] ?? '');
  const keyText = inline(user['client-key-data']) ?? readFile(environment, user['client-key'] ?? '');
  const certificate = clients.identify(onlyCertificate(certificateText ?? ''), onlyKey(keyText ?? ''));
  if (certificate === undefined) return { problem: 'tls: failed to find any PEM data in certificate input' };
  const authority = inline(cluster['certificate-authority-data']);
  return {
    host: cluster.server,
    transport: clients.transport(environment.machine, cluster.server, {
      ...(authority !== undefined && { certificateAuthority: authority }),
    }),
    userAgent,
    certificate,
    decoder,
    ...(environment.resumed && { resumeFrom }),
  };
}

function inline(data: string | undefined): string | undefined {
  return data === undefined ? undefined : decodeBase64(data);
}

/** The certificate of a file that may hold the key as well. */
function onlyCertificate(text: string): string {
  return /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(text)?.[0] ?? '';
}

function onlyKey(text: string): string {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/.exec(text)?.[0] ?? '';
}
