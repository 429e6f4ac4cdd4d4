import { forbiddenError, notFoundError } from '../../../../apimachinery/status.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';

const NAMESPACES = { group: '', resource: 'namespaces' };
const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

/**
 * Nothing new in a namespace that is not there or on its way out; three namespaces never go.
 * Models k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go.
 */
export class NamespaceLifecycle implements AdmissionPlugin {
  readonly name = 'NamespaceLifecycle';
  readonly mutates = false;
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation !== 'CONNECT';
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const { operation, kind, name, namespace } = attributes;
    const ofNamespace = kind.group === '' && kind.kind === 'Namespace';
    if (ofNamespace) {
      if (operation === 'DELETE' && IMMORTAL.has(name)) {
        throw forbiddenError(NAMESPACES, name, 'this namespace may not be deleted');
      }
      return;
    }
    if (namespace === '' || operation === 'DELETE' || isAccessReview(attributes)) return;

    const found = await this.#services.reader.get(NAMESPACES, '', namespace);
    if (found === undefined) throw notFoundError(NAMESPACES, namespace);
    if (operation !== 'CREATE' || found.status?.phase !== 'Terminating') return;
    const error = admissionForbidden(
      attributes,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
    error.status.details = {
      ...error.status.details,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    };
    throw error;
  }
}

/** Asking is allowed everywhere. Models isAccessReview. */
function isAccessReview({ resource }: AdmissionAttributes): boolean {
  return resource.group === 'authorization.k8s.io' && resource.resource === 'localsubjectaccessreviews';
}
