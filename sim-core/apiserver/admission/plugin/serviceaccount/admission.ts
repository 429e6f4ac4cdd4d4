import type { Container, PodSpec, Volume } from 'kubernetes-types/core/v1';
import { deepCopy } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { podReferences } from '../../../authorization/node/pod-references.ts';
import { invalidResourceName } from '../../../../apimachinery/validation/names.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden, isResource } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';

const DEFAULT_NAME = 'default';
const VOLUME_PREFIX = 'kube-api-access-';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
/** An hour, and seven seconds by which the token's issuer knows that this plugin asked for it. */
const TOKEN_SECONDS = 60 * 60 + 7;
const FILE_MODE = 0o644;

/**
 * Every pod runs as a service account and gets its token as a volume.
 * Models plugin/pkg/admission/serviceaccount/admission.go.
 */
export class ServiceAccount implements AdmissionPlugin {
  readonly name = 'ServiceAccount';
  readonly resources = ['/pods'];
  readonly #services: Pick<ServerServices, 'reader' | 'rand'>;

  constructor(services: Pick<ServerServices, 'reader' | 'rand'>) {
    this.#services = services;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE';
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const pod = attributes.object;
    if (!isResource(attributes, '', 'pods') || pod === undefined) return;
    if (isMirror(pod)) return this.validate(attributes);

    const spec = pod.spec as PodSpec;
    spec.serviceAccountName ||= DEFAULT_NAME;
    spec.serviceAccount = spec.serviceAccountName;
    const account = await this.#accountOf(attributes, spec.serviceAccountName);
    const automount = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
    if (automount === true) this.#mountToken(spec);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = deepCopy(account.imagePullSecrets as { name: string }[]);
    }
    return this.validate(attributes);
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const pod = attributes.object;
    if (!isResource(attributes, '', 'pods') || pod === undefined) return;
    const spec = pod.spec as PodSpec;
    if (isMirror(pod)) {
      if (spec.serviceAccountName) {
        throw admissionForbidden(attributes, 'a mirror pod may not reference service accounts');
      }
      if (podReferences(pod.metadata.name ?? '', spec).secrets.size > 0) {
        throw admissionForbidden(attributes, 'a mirror pod may not reference secrets');
      }
      const sources = (spec.volumes ?? []).flatMap((volume) => volume.projected?.sources ?? []);
      if (sources.some((source) => source.serviceAccountToken)) {
        throw admissionForbidden(
          attributes,
          'a mirror pod may not use ServiceAccountToken volume projections',
        );
      }
      return;
    }
    if (!spec.serviceAccountName) {
      throw admissionForbidden(
        attributes,
        `no service account specified for pod ${attributes.namespace}/${pod.metadata.name ?? ''}`,
      );
    }
    await this.#accountOf(attributes, spec.serviceAccountName);
  }

  async #accountOf(attributes: AdmissionAttributes, name: string): Promise<KubeObject> {
    const { namespace } = attributes;
    const account = await this.#services.reader.get(
      { group: '', resource: 'serviceaccounts' },
      namespace,
      name,
    );
    if (account !== undefined) return account;
    const reason = invalidResourceName(name) ?? `serviceaccount ${JSON.stringify(name)} not found`;
    throw admissionForbidden(attributes, `error looking up service account ${namespace}/${name}: ${reason}`);
  }

  /** Models mountServiceAccountToken: containers that mount something of their own there keep it. */
  #mountToken(spec: PodSpec): void {
    const existing = (spec.volumes ?? []).find((volume) => volume.name.startsWith(VOLUME_PREFIX));
    const name = existing?.name ?? VOLUME_PREFIX + this.#services.rand.nameSuffix();
    let needed = false;
    for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
      if (mountsAt(container, MOUNT_PATH)) continue;
      container.volumeMounts = [
        ...(container.volumeMounts ?? []),
        { name, readOnly: true, mountPath: MOUNT_PATH },
      ];
      needed = true;
    }
    if (needed && existing === undefined) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
  }
}

const isMirror = (pod: KubeObject) => pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined;

const mountsAt = ({ volumeMounts }: Container, path: string) =>
  (volumeMounts ?? []).some((mount) => mount.mountPath === path);

/** Models TokenVolumeSource: token, CA certificate and namespace in one directory. */
function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: FILE_MODE,
    },
  };
}
