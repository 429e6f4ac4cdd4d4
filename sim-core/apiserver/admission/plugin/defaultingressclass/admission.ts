import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden, isResource } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';

const CLASSES = { group: 'networking.k8s.io', resource: 'ingressclasses' };
const IS_DEFAULT = 'ingressclass.kubernetes.io/is-default-class';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/**
 * An Ingress that names no class gets the default one.
 * Models plugin/pkg/admission/network/defaultingressclass/admission.go.
 */
export class DefaultIngressClass implements AdmissionPlugin {
  readonly name = 'DefaultIngressClass';
  readonly resources = ['networking.k8s.io/ingresses'];
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE';
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const ingress = attributes.object;
    if (!isResource(attributes, 'networking.k8s.io', 'ingresses') || ingress === undefined) return;
    if (ingress.spec?.ingressClassName !== undefined) return;
    if (ingress.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return;
    const classes = await this.#services.reader.list(CLASSES);
    const [first, ...more] = classes.filter(({ metadata }) => metadata.annotations?.[IS_DEFAULT] === 'true');
    if (first === undefined) return;
    if (more.length > 0) {
      const text = `${more.length + 1} default IngressClasses were found, only 1 allowed`;
      throw admissionForbidden(attributes, `Internal error occurred: ${text}`);
    }
    ingress.spec = { ...ingress.spec, ingressClassName: first.metadata.name };
  }
}
