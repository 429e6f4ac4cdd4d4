import { toLegacyJson } from '../../apiserver/authentication/serviceaccount/claims.ts';
import { SigningKeys } from '../../apiserver/authentication/serviceaccount/signing-keys.ts';
import type { ServiceAccount } from 'kubernetes-types/core/v1';
import { parseGoDuration } from '../../apimachinery/duration.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { RestClient } from '../../client-go/rest/client.ts';
import type { RestConfig } from '../../client-go/rest/config.ts';
import { toBigInt } from '../../crypto/encoding/bytes.ts';
import { curve } from '../../crypto/keys/curve.ts';
import type { KeyPair } from '../../crypto/tls/key-pair.ts';
import { keyPair, KeyPairError } from '../../crypto/tls/key-pair.ts';
import { PEM_FILE } from '../../crypto/x509/pem.ts';
import { signRequest } from '../../crypto/x509/signing-policy.ts';
import type { CertificateSigner } from '../../controller/certificates/signer/signing-controller.ts';
import { ControllerManager } from '../../controller/controller-manager.ts';
import type { TokenSigner } from '../../controller/serviceaccount/tokens-controller.ts';
import { cancelled } from '../../node/program.ts';
import type { Program, ProgramEnvironment } from '../../node/program.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import { command, CommandError } from './command.ts';
import { checkFlags } from './check-flags.ts';
import { KUBE_CONTROLLER_MANAGER_FLAGS } from './kube-controller-manager-flags.ts';
import type { Flags } from './flags.ts';
import { parseFlags } from './flags.ts';
import { serveHealth } from './health.ts';
import { klogOf } from './klog.ts';
import type { ComponentConfig } from './kubeconfig.ts';
import { restConfigFrom } from './kubeconfig.ts';
import type { ComponentServices } from './services.ts';
import { processId, readFile, readFileAs, traceComponent } from './services.ts';

const USER_AGENT = `kube-controller-manager/${KUBERNETES_VERSION} (linux/amd64) kubernetes/$Format`;
const NAMESPACE = 'kube-system';
/** How long a controller's token is good for, and how long before its end it is renewed. */
const TOKEN_SECONDS = 3600;
const TOKEN_LEEWAY_MS = 600_000;

/** The program `kube-controller-manager`. */
export function kubeControllerManagerProgram(services: ComponentServices): Program {
  return command(async (environment) => {
    const { clock, machine, terminated, killed } = environment;
    const flags = parseFlags(environment.argv);
    checkFlags('kube-controller-manager', flags, KUBE_CONTROLLER_MANAGER_FLAGS);
    const rest = await restConfigFrom(services, environment, flags.get('kubeconfig'), USER_AGENT);
    const rootCaFile = flags.get('root-ca-file');
    const rootCa = readFile(environment, rootCaFile);
    if (rootCa === undefined) {
      throw new CommandError(
        `error reading root-ca-file at ${rootCaFile}: open ${rootCaFile}: no such file or directory`,
      );
    }
    serveHealth(environment, flags.get('bind-address', '0.0.0.0'), Number(flags.get('secure-port', '10257')));
    traceComponent(services, 'kube-controller-manager', environment);
    const log = klogOf(environment);
    if (!environment.resumed) {
      log('I', 'controllermanager.go:211', `"Starting" version="${KUBERNETES_VERSION}"`);
      log('I', 'controllermanager.go:213', '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""');
    }
    const ownAccounts = flags.bool('use-service-account-credentials', false);
    const manager = new ControllerManager(
      (account) => (account === undefined || !ownAccounts ? rest : asServiceAccount(services, rest, account)),
      clock,
      services.rand.fork('kube-controller-manager'),
      {
        hostname: machine.hostname,
        leaderElect: flags.bool('leader-elect', true),
        id: processId(environment),
        resumed: environment.resumed,
        log,
        rootCa,
        signer: signerOf(services, environment, flags),
        tokenSigner: tokenSignerOf(environment, flags),
        clusterCidr: flags.get('cluster-cidr'),
        minResyncPeriod: Math.max(0, parseGoDuration(flags.get('min-resync-period', '12h'))),
        controllers: flags.has('controllers') ? flags.list('controllers') : ['*'],
      },
    );
    const stopping = killed.child();
    terminated.onCancel(() => stopping.cancel('SIGTERM'));
    await Promise.race([manager.run(stopping), cancelled(killed)]);
    if (terminated.cancelled) {
      log('I', 'controllermanager.go:434', 'Requested to terminate. Exiting.');
      return 0;
    }
    log('E', 'controllermanager.go:440', '"leaderelection lost/stopped"');
    return 1;
  });
}

/** Signs with the authority that --cluster-signing-cert-file names; undefined if its files are not there or do not fit. */
function signerOf(
  { clock, rand }: ComponentServices,
  environment: ProgramEnvironment,
  flags: Flags,
): CertificateSigner | undefined {
  const certificate = readFileAs(environment, flags.get('cluster-signing-cert-file'), PEM_FILE);
  const key = readFileAs(environment, flags.get('cluster-signing-key-file'), PEM_FILE);
  if (certificate === undefined || key === undefined) return undefined;
  let authority: KeyPair;
  try {
    authority = keyPair(certificate, key);
  } catch (error) {
    if (error instanceof KeyPairError) return undefined;
    throw error;
  }
  const serials = rand.fork('certificate serial numbers');
  return {
    async sign(request, usages, now, ttl) {
      const serialNumber = toBigInt(serials.bytes(16)) >> 1n;
      await curve.load(clock);
      return signRequest(authority, request, { usages, ttl, now, serialNumber }).pem;
    },
  };
}

/** Signs with --service-account-private-key-file; undefined if there is no such key. */
function tokenSignerOf(environment: ProgramEnvironment, flags: Flags): TokenSigner | undefined {
  const key = readFileAs(environment, flags.get('service-account-private-key-file'), PEM_FILE)?.contents.key;
  if (key === undefined) return undefined;
  const keys = new SigningKeys(key, []);
  return {
    sign: ({ namespace, name, uid }, secret) => keys.sign(toLegacyJson(namespace, { name, uid }, secret)),
  };
}

/**
 * A client that works as a service account of kube-system: it makes the account if it is not there
 * and asks for a token when it needs one.
 *
 * Models k8s.io/controller-manager/pkg/clientbuilder DynamicControllerClientBuilder.
 */
function asServiceAccount({ clock }: ComponentServices, rest: ComponentConfig, account: string): RestConfig {
  const root = new RestClient(rest);
  let token: Promise<string> | undefined;
  let expires = 0;
  const request = async () => {
    await ensureAccount(root, account);
    const answer = await root.create<{ status: { token: string } }>(
      RESOURCES.serviceAccounts,
      {
        kind: 'TokenRequest',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: {},
        spec: { audiences: null, expirationSeconds: TOKEN_SECONDS, boundObjectRef: null },
      },
      { namespace: NAMESPACE, name: account, subresource: 'token' },
    );
    return answer.status.token;
  };
  const current = async (): Promise<string> => {
    if (token === undefined || clock.now() >= expires) {
      expires = clock.now() + TOKEN_SECONDS * 1000 - TOKEN_LEEWAY_MS;
      token = request();
      token.catch(() => (token = undefined));
    }
    return token;
  };
  return {
    ...rest,
    userAgent: `${USER_AGENT}/system:serviceaccount:${NAMESPACE}:${account}`,
    transport: async (message) => {
      const bearer = await current();
      const response = await rest.anonymousTransport({
        ...message,
        headers: { ...message.headers, authorization: `Bearer ${bearer}` },
      });
      // A server that was started anew may not know the token.
      if (response.status === 401) token = undefined;
      return response;
    },
  };
}

async function ensureAccount(root: RestClient, name: string): Promise<void> {
  const options = { namespace: NAMESPACE };
  try {
    await root.get<ServiceAccount>(RESOURCES.serviceAccounts, name, options);
    return;
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
  try {
    await root.create(
      RESOURCES.serviceAccounts,
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: NAMESPACE } },
      options,
    );
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}
