import type { PodSpec, Toleration } from 'kubernetes-types/core/v1';
import { isResource } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';

const SECONDS = 300;
const TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/**
 * A pod stays for five minutes on a node that is not ready or out of reach, unless it says otherwise.
 * Models plugin/pkg/admission/defaulttolerationseconds/admission.go.
 */
export class DefaultTolerationSeconds implements AdmissionPlugin {
  readonly name = 'DefaultTolerationSeconds';
  readonly resources = ['/pods'];

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE' || operation === 'UPDATE';
  }

  admit(attributes: AdmissionAttributes): Promise<void> {
    const pod = attributes.object;
    if (isResource(attributes, '', 'pods') && pod !== undefined) {
      const spec = pod.spec as PodSpec;
      const tolerations = spec.tolerations ?? [];
      const missing = TAINTS.filter((key) => !tolerations.some((toleration) => tolerates(toleration, key)));
      if (missing.length > 0) {
        spec.tolerations = [
          ...tolerations,
          ...missing.map((key): Toleration => ({
            key,
            operator: 'Exists',
            effect: 'NoExecute',
            tolerationSeconds: SECONDS,
          })),
        ];
      }
    }
    return Promise.resolve();
  }
}

const tolerates = ({ key, effect }: Toleration, taint: string) =>
  (!key || key === taint) && (!effect || effect === 'NoExecute');
