import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';

const CLASSES = { group: 'networking.k8s.io', resource: 'ingressclasses' };
const IS_DEFAULT = 'ingressclass.kubernetes.io/is-default-class';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/**
 * An Ingress that names no class gets the default one.
 * Models plugin/pkg/admission/network/defaultingressclass/admission.go.
 */
export class DefaultIngressClass implements PluginWork {
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const ingress = attributes.object;
    if (!isResource(attributes, 'networking.k8s.io', 'ingresses') || ingress === undefined) return;
    if (ingress.spec?.ingressClassName !== undefined) return;
    if (ingress.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return;
    const classes = await this.#services.reader.list(CLASSES);
    // The newest one wins; of those of one second, the first by name.
    const [first] = classes
      .filter(({ metadata }) => metadata.annotations?.[IS_DEFAULT] === 'true')
      .sort(({ metadata: a }, { metadata: b }) =>
        a.creationTimestamp === b.creationTimestamp
          ? a.name! < b.name!
            ? -1
            : 1
          : a.creationTimestamp! > b.creationTimestamp!
            ? -1
            : 1,
      );
    if (first === undefined) return;
    ingress.spec = { ...ingress.spec, ingressClassName: first.metadata.name };
  }
}
