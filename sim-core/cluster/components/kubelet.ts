import type { YAMLParseError } from 'yaml';
import { RestClient } from '../../client-go/rest/client.ts';
import type { RestConfig } from '../../client-go/rest/config.ts';
import { KeyPairError } from '../../crypto/tls/key-pair.ts';
import type { ImageService, RuntimeService } from '../../cri/runtime-service.ts';
import { Kubelet } from '../../kubelet/kubelet.ts';
import type { Program, ProgramEnvironment } from '../../node/program.ts';
import { cancelled } from '../../node/program.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import { readMachineIds } from '../kubeadm/machine-ids.ts';
import type { Flags } from './flags.ts';
import { parseFlags } from './flags.ts';
import { command, CommandError } from './command.ts';
import { klogOf } from './klog.ts';
import { restConfigFrom } from './kubeconfig.ts';
import type { ComponentServices } from './services.ts';
import { readFile, traceComponent } from './services.ts';
import { readYaml } from './yaml-text.ts';

/** The fields of a KubeletConfiguration that this kubelet reads. */
interface KubeletConfiguration {
  readonly staticPodPath?: string;
  readonly clusterDNS?: readonly string[];
  readonly clusterDomain?: string;
  readonly resolvConf?: string;
  readonly authentication?: { readonly x509?: { readonly clientCAFile?: string } };
}

/** The program `kubelet`: its flags and the file that --config names decide what it does. */
export function kubeletProgram(
  services: ComponentServices,
  runtime: RuntimeService,
  images: ImageService,
): Program {
  return command(async (environment) => {
    const { machine, terminated } = environment;
    const log = klogOf(environment);
    if (!environment.resumed) {
      log('I', 'server.go:545', `"Kubelet version" kubeletVersion="${KUBERNETES_VERSION}"`);
      log('I', 'server.go:547', '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""');
    }
    const flags = parseFlags(environment.argv);
    const configuration = await readConfiguration(environment, flags.get('config'));
    const ca = configuration.authentication?.x509?.clientCAFile ?? '';
    if (ca !== '' && readFile(environment, ca) === undefined) {
      throw new CommandError(
        `failed to construct kubelet dependencies: unable to load client CA file ${ca}: open ${ca}: no such file or directory`,
      );
    }
    const rest = await clientConfig(services, environment, flags).catch((error: unknown) => {
      if (!(error instanceof CommandError) && !(error instanceof KeyPairError)) throw error;
      throw new CommandError(`failed to run Kubelet: ${error.message}`);
    });
    traceComponent(services, 'kubelet', environment);
    if (!environment.resumed) {
      log('I', 'server.go:991', '"Client rotation is on, will bootstrap in background"');
      if (ca !== '')
        log('I', 'dynamic_cafile_content.go:161', `"Starting controller" name="client-ca-bundle::${ca}"`);
    }
    const kubelet = new Kubelet(
      {
        clock: environment.clock,
        rand: services.rand.fork(`kubelet ${machine.hostname}`),
        machine,
        pid: environment.hostPid,
        client: new RestClient(rest),
        runtime,
        images,
        tracer: services.tracer,
        log,
      },
      {
        nodeName: machine.hostname,
        staticPodPath: configuration.staticPodPath ?? '',
        taints: [],
        ids: readMachineIds(machine.files),
        resumed: environment.resumed,
        dns: {
          servers: configuration.clusterDNS ?? [],
          domain: configuration.clusterDomain ?? '',
          resolvConf: configuration.resolvConf ?? '/etc/resolv.conf',
        },
      },
      environment.killed,
    );
    void kubelet.run();
    await cancelled(terminated);
    return 0;
  });
}

/** How the kubelet reaches the apiserver. Rejects with a {@link CommandError} or a KeyPairError. */
async function clientConfig(
  services: ComponentServices,
  environment: ProgramEnvironment,
  flags: Flags,
): Promise<RestConfig> {
  const kubeconfig = flags.get('kubeconfig');
  const bootstrap = flags.get('bootstrap-kubeconfig');
  if (readFile(environment, kubeconfig) === undefined && readFile(environment, bootstrap) === undefined) {
    throw new CommandError(
      `unable to load bootstrap kubeconfig: stat ${bootstrap}: no such file or directory`,
    );
  }
  const userAgent = `kubelet/${KUBERNETES_VERSION} (linux/amd64) kubernetes/$Format`;
  return restConfigFrom(services, environment, kubeconfig, userAgent);
}

/** What the file that --config names says. Rejects with a {@link CommandError}. */
async function readConfiguration(
  environment: ProgramEnvironment,
  path: string,
): Promise<KubeletConfiguration> {
  if (path === '') return {};
  const failed = `failed to load kubelet config file, path: ${path}, error: failed to load Kubelet config file ${path}, error `;
  const text = readFile(environment, path);
  if (text === undefined) {
    throw new CommandError(
      `${failed}failed to read kubelet config file ${JSON.stringify(path)}, error: open ${path}: no such file or directory`,
    );
  }
  try {
    return ((await readYaml(environment.clock, text)) ?? {}) as KubeletConfiguration;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'YAMLParseError') throw error;
    const line = (error as YAMLParseError).linePos?.[0].line ?? 1;
    throw new CommandError(
      `${failed}couldn't get version/kind; json parse error: yaml: line ${line}: could not find expected ':'`,
    );
  }
}
