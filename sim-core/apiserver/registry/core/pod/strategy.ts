import type { Pod } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { defaultPod } from './defaults.ts';
import { computePodQOS } from '../../../../client-go/component-helpers/core/qos.ts';
import { checks } from '../../checks.ts';

const asPod = (object: KubeObject) => object as unknown as Pod;

/** Models pkg/registry/core/pod/strategy.go podStrategy. */
export const podStrategy: Strategy = {
  needs: [checks.podSpecs],
  fillDefaults: defaultPod,

  prepareForCreate(object) {
    const spec = asPod(object).spec!;
    object.status = { phase: 'Pending', qosClass: computePodQOS(spec) };
    if ((spec.schedulingGates ?? []).length > 0) {
      object.status.conditions = [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
          lastProbeTime: null,
          lastTransitionTime: null,
        },
      ];
    }
  },

  prepareForUpdate(object, old) {
    object.status = old.status;
  },

  warningsOnCreate: ({ metadata, spec }) => [
    ...checks.podSpecs.loaded.nameWarnings(metadata.name, "the Pod's hostname"),
    ...checks.podSpecs.loaded.podWarnings(spec, metadata.annotations),
  ],
  validate: (object) => checks.podSpecs.loaded.validatePodCreate(asPod(object)),
  validateUpdate: (object, old) => checks.podSpecs.loaded.validatePodUpdate(asPod(object), asPod(old)),

  checkGracefulDelete(object, options) {
    const pod = asPod(object);
    let period = options.gracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 0;
    const phase = pod.status?.phase;
    if (!pod.spec?.nodeName || phase === 'Failed' || phase === 'Succeeded') period = 0;
    options.gracePeriodSeconds = period < 0 ? 1 : period;
    return true;
  },

  selectableFields(object) {
    const { spec, status } = asPod(object);
    return {
      'spec.nodeName': spec?.nodeName ?? '',
      // The name of old clients.
      'spec.host': spec?.nodeName ?? '',
      'spec.restartPolicy': spec?.restartPolicy ?? '',
      'spec.schedulerName': spec?.schedulerName ?? '',
      'spec.serviceAccountName': spec?.serviceAccountName ?? '',
      'spec.hostNetwork': String(spec?.hostNetwork ?? false),
      'status.phase': status?.phase ?? '',
      'status.podIP': status?.podIPs?.[0]?.ip ?? status?.podIP ?? '',
      // Upstream knows the name, but has no value for it.
      'status.podIPs': '',
      'status.nominatedNodeName': status?.nominatedNodeName ?? '',
    };
  },
};

/** Models podStatusStrategy: only the status, and not whom the pod belongs to. */
export const podStatusStrategy: UpdateStrategy = {
  needs: [checks.podProgress],
  fillDefaults: defaultPod,
  prepareForUpdate(object, old) {
    object.spec = old.spec;
    delete object.metadata.deletionTimestamp;
    if (old.metadata.deletionTimestamp !== undefined) {
      object.metadata.deletionTimestamp = old.metadata.deletionTimestamp;
    }
    if (old.metadata.ownerReferences === undefined) delete object.metadata.ownerReferences;
    else object.metadata.ownerReferences = old.metadata.ownerReferences;
  },
  validateUpdate: (object, old) =>
    checks.podProgress.loaded.validatePodStatusUpdate(asPod(object), asPod(old)),
};

/** Models podEphemeralContainersStrategy: everything but the ephemeral containers stays as it was. */
export const podEphemeralContainersStrategy: UpdateStrategy = {
  needs: [checks.podSpecs],
  fillDefaults: defaultPod,
  prepareForUpdate(object, old) {
    const ephemeralContainers = object.spec?.ephemeralContainers;
    object.spec = { ...old.spec };
    if (ephemeralContainers === undefined) delete object.spec.ephemeralContainers;
    else object.spec.ephemeralContainers = ephemeralContainers;
    object.status = old.status;
    const { name, namespace, uid, resourceVersion } = object.metadata;
    object.metadata = {
      ...old.metadata,
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    };
  },
  validateUpdate: (object, old) =>
    checks.podSpecs.loaded.validateEphemeralContainersUpdate(asPod(object), asPod(old)),
};
