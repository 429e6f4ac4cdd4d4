import type { NodeSpec, Taint } from 'kubernetes-types/core/v1';
import { isResource } from '../../errors.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';

const NOT_READY: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/**
 * A new node takes no pods before it is known to be ready.
 * Models plugin/pkg/admission/nodetaint/admission.go.
 */
export class TaintNodesByCondition implements AdmissionPlugin {
  readonly name = 'TaintNodesByCondition';
  readonly resources = ['/nodes'];

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE';
  }

  admit(attributes: AdmissionAttributes): Promise<void> {
    const node = attributes.object;
    if (isResource(attributes, '', 'nodes') && node !== undefined) {
      const spec: NodeSpec = (node.spec ??= {});
      const tainted = (spec.taints ?? []).some(
        ({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect,
      );
      if (!tainted) spec.taints = [...(spec.taints ?? []), { ...NOT_READY }];
    }
    return Promise.resolve();
  }
}
