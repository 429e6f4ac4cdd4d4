import type { ConfigMap } from 'kubernetes-types/core/v1';
import { DurationError, parseGoDuration } from '../../../apimachinery/duration.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import { PKI_DIRECTORY } from '../constants.ts';
import { clientFromFile } from './client.ts';
import type { KubeadmInvocation } from './command.ts';
import { fail } from './command.ts';

/** What of kubeadm's ClusterConfiguration its commands use here. */
export interface ClusterConfiguration {
  readonly certificatesDir: string;
  /** How long a certificate that is signed now is good for, in milliseconds. */
  readonly certificateValidityPeriod: number;
}

const YEAR_MS = 365 * 24 * 3600_000;
const KINDS: readonly unknown[] = ['InitConfiguration', 'ClusterConfiguration'];
const NAMESPACE = 'kube-system';
const CONFIG_MAP = 'kubeadm-config';

/**
 * The configuration of the file that --config names; else of the cluster; else, as a cluster that does not work must
 * not be in the way of its certificates, the default. `prefix` begins the lines that are said of it.
 *
 * Models getInternalCfg of cmd/kubeadm/app/cmd/certs.go.
 */
export async function clusterConfiguration(
  invocation: KubeadmInvocation,
  prefix: string,
): Promise<ClusterConfiguration> {
  const { flags, io } = invocation;
  const path = flags.text('config');
  const defaults = { certificatesDir: flags.text('cert-dir'), certificateValidityPeriod: YEAR_MS };
  if (path !== '')
    return { ...defaults, ...(await configurationOf(invocation, readConfig(invocation, path))) };
  const found = await clientFromFile(invocation, flags.text('kubeconfig')).catch(() => undefined);
  if (found === undefined) return defaults;
  io.stdout(
    `[${prefix}] Reading configuration from the ${goQuote(CONFIG_MAP)} ConfigMap in namespace ${goQuote(NAMESPACE)}...\n`,
  );
  io.stdout(
    `[${prefix}] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.\n`,
  );
  try {
    const options = { namespace: NAMESPACE };
    const { data } = await found.client.get<ConfigMap>(RESOURCES.configMaps, CONFIG_MAP, options);
    const configuration = await configurationOf(invocation, data?.['ClusterConfiguration'] ?? '');
    io.stdout('\n');
    return { ...defaults, certificatesDir: PKI_DIRECTORY, ...configuration };
  } catch {
    io.stdout(
      `[${prefix}] Error reading configuration from the Cluster. Falling back to default configuration\n\n`,
    );
    return defaults;
  }
}

function readConfig({ environment }: KubeadmInvocation, path: string): string {
  try {
    return environment.machine.files.read(resolvePath(environment.cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw fail(`unable to read config from ${goQuote(path)} : open ${path}: ${error.message.toLowerCase()}`);
  }
}

/** Models config.LoadInitConfigurationFromFile. */
async function configurationOf(
  { environment }: KubeadmInvocation,
  text: string,
): Promise<Partial<ClusterConfiguration>> {
  const { parseAllDocuments } = await environment.clock.outside(import('yaml'));
  const parsed = parseAllDocuments(text);
  const documents = (Array.isArray(parsed) ? parsed : []).map((document) => {
    const [error] = document.errors;
    if (error !== undefined)
      throw fail(`error converting YAML to JSON: yaml: ${error.message.split('\n')[0]}`);
    return document.toJS() as Partial<Record<string, unknown>> | null;
  });
  if (!documents.some((document) => KINDS.includes(document?.['kind'])))
    throw fail('no InitConfiguration or ClusterConfiguration kind was found in the YAML file');
  const cluster = documents.find((document) => document?.['kind'] === 'ClusterConfiguration') ?? {};
  const { certificatesDir, certificateValidityPeriod } = cluster;
  return {
    ...(typeof certificatesDir === 'string' && { certificatesDir }),
    ...(certificateValidityPeriod !== undefined && {
      certificateValidityPeriod: durationOf(String(certificateValidityPeriod)),
    }),
  };
}

function durationOf(text: string): number {
  try {
    return parseGoDuration(text);
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
    throw fail(error.message);
  }
}
