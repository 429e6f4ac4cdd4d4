import { shortHumanDuration } from '../../../apimachinery/duration.ts';
import { hex } from '../../../crypto/encoding/bytes.ts';
import type { Certificate } from '../../../crypto/x509/certificate.ts';
import { Tabwriter } from '../../../kubectl/printers/tabwriter.ts';
import type { CertificateNames, ManagedCertificate } from './certificates.ts';
import { CertificateManager, MANAGED_CERTIFICATES } from './certificates.ts';
import { ADMIN_KUBECONFIG } from './client.ts';
import { clusterConfiguration } from './cluster-configuration.ts';
import type { KubeadmCommand, KubeadmInvocation } from './command.ts';
import { CERTIFICATES_FLAG, CONFIG_FLAG, group, kubeconfigFlag, noArguments } from './command.ts';

const FLAGS = [CERTIFICATES_FLAG, CONFIG_FLAG, kubeconfigFlag(ADMIN_KUBECONFIG)];
const KEY_BYTES = 32;
/** How kubeadm lines its tables up. */
export const KUBEADM_COLUMNS = { minimumWidth: 10, padding: 3 };

const checkExpiration: KubeadmCommand = {
  use: 'check-expiration',
  short: 'Check certificates expiration for a Kubernetes cluster',
  flags: FLAGS,
  async run(invocation) {
    noArguments(invocation, 'kubeadm certs check-expiration');
    const { io, environment } = invocation;
    const manager = await managerFor(invocation, 'check-expiration');
    const now = environment.clock.now();
    const managed = (external: boolean) => (external ? 'yes' : 'no').padEnd(8);
    const table = new Tabwriter(KUBEADM_COLUMNS);
    const row = (cells: readonly string[]) => table.write(`${cells.join('\t')}\n`);
    row(['CERTIFICATE', 'EXPIRES', 'RESIDUAL TIME', 'CERTIFICATE AUTHORITY', 'EXTERNALLY MANAGED']);
    for (const certificate of manager.certificates) {
      const { name, authority } = certificate;
      if (!certificate.exists()) row([`!MISSING! ${name}`, '', '', '', '']);
      else
        row([
          name,
          ...validity(certificate.read(), now),
          authority.name,
          managed(manager.isExternal(authority)),
        ]);
    }
    row([]);
    row(['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED']);
    for (const authority of manager.authorities) {
      const certificate = manager.authorityCertificate(authority);
      if (certificate === undefined) row([`!MISSING! ${authority.name}`, '', '', '']);
      else row([authority.name, ...validity(certificate, now), managed(manager.isExternal(authority))]);
    }
    io.stdout(table.flush());
  },
};

/** EXPIRES and RESIDUAL TIME. */
function validity({ notAfter }: Certificate, now: number): string[] {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\d+:\d+)/.exec(
    new Date(notAfter).toUTCString(),
  )!;
  return [`${month} ${day}, ${year} ${time} UTC`, shortHumanDuration(notAfter - now)];
}

const renewAll: KubeadmCommand = {
  use: 'all',
  short: 'Renew all available certificates',
  flags: FLAGS,
  async run(invocation) {
    noArguments(invocation, 'kubeadm certs renew all');
    const manager = await managerFor(invocation, 'renew');
    for (const certificate of manager.certificates) renew(invocation, manager, certificate);
    invocation.io.stdout(
      '\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and etcd, so that they can use the new certificates.\n',
    );
  },
};

const renewOne = ({ name, longName }: CertificateNames): KubeadmCommand => ({
  use: name,
  short: `Renew the ${longName}`,
  flags: FLAGS,
  async run(invocation) {
    noArguments(invocation, `kubeadm certs renew ${name}`);
    const manager = await managerFor(invocation, 'renew');
    renew(
      invocation,
      manager,
      manager.certificates.find((certificate) => certificate.name === name)!,
    );
  },
});

function renew(
  { io, environment, rand }: KubeadmInvocation,
  manager: CertificateManager,
  certificate: ManagedCertificate,
): void {
  const { longName, authority } = certificate;
  if (!certificate.exists()) {
    io.stdout(`MISSING! ${longName}\n`);
  } else if (manager.isExternal(authority)) {
    io.stdout(`Detected external ${authority.path}, ${longName} can't be renewed\n`);
  } else {
    manager.renew(certificate, rand, environment.clock.now());
    io.stdout(`${longName} renewed\n`);
  }
}

async function managerFor(invocation: KubeadmInvocation, prefix: string): Promise<CertificateManager> {
  const { clock, machine } = invocation.environment;
  const module = import('../../../kubectl/clientcmd/kubeconfig-yaml.ts');
  const { parseKubeconfig } = await clock.outside(module);
  return new CertificateManager(
    machine.files,
    await clusterConfiguration(invocation, prefix),
    parseKubeconfig,
  );
}

const certificateKey: KubeadmCommand = {
  use: 'certificate-key',
  short: 'Generate certificate keys',
  async run(invocation) {
    noArguments(invocation, 'kubeadm certs certificate-key');
    invocation.io.stdout(`${hex(invocation.rand.bytes(KEY_BYTES))}\n`);
  },
};

export const certs: KubeadmCommand = group(
  'certs',
  'Commands related to handling Kubernetes certificates',
  [
    certificateKey,
    checkExpiration,
    group('renew', 'Renew certificates for a Kubernetes cluster', [
      ...MANAGED_CERTIFICATES.map(renewOne),
      renewAll,
    ]),
  ],
  { aliases: ['certificates'] },
);
