import type { CertificateSigningRequestCondition as Condition } from 'kubernetes-types/certificates/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import type { Strategy, UpdateStrategy } from '../rest/strategy.ts';
import { validateRequest, validateRequestUpdate } from './validation.ts';

/** New conditions, and those that changed, get the time. Models populateConditionTimestamps. */
function stampConditions(object: KubeObject, old: KubeObject, now: number): void {
  const before: Condition[] = old.status?.conditions ?? [];
  for (const condition of (object.status?.conditions ?? []) as Condition[]) {
    const same = before.find(({ type, status }) => type === condition.type && status === condition.status);
    condition.lastUpdateTime ??= formatTime(now);
    condition.lastTransitionTime ??= same?.lastTransitionTime ?? formatTime(now);
  }
}

/** Decisions that the client neither added nor removed stay as they were. Models preserveConditionInstances. */
function preserveDecisions(object: KubeObject, old: KubeObject): void {
  const conditions: Condition[] = object.status?.conditions ?? [];
  for (const type of ['Approved', 'Denied']) {
    const before = ((old.status?.conditions ?? []) as Condition[]).filter((item) => item.type === type);
    const places = conditions.flatMap((item, index) => (item.type === type ? [index] : []));
    if (places.length !== before.length) continue;
    places.forEach((place, index) => (conditions[place] = before[index]!));
  }
}

/** Models pkg/registry/certificates/certificates/strategy.go csrStrategy. */
export const strategy: Strategy = {
  prepareForCreate(object, { user }) {
    object.spec.username = user.name;
    object.spec.groups = [...user.groups];
    if (user.uid) object.spec.uid = user.uid;
    else delete object.spec.uid;
    if (user.extra && Object.keys(user.extra).length > 0) object.spec.extra = user.extra;
    else delete object.spec.extra;
    object.status = {};
  },
  prepareForUpdate(object, old) {
    object.spec = old.spec;
    object.status = old.status;
  },
  validate: validateRequest,
  validateUpdate: (object, old) => validateRequestUpdate(object, old, {}),
};

/** …/approval changes conditions only. Models csrApprovalStrategy. */
export const approval: UpdateStrategy = {
  prepareForUpdate(object, old, { now }) {
    stampConditions(object, old, now);
    const conditions = object.status?.conditions;
    object.spec = old.spec;
    object.status = { ...old.status };
    if (conditions?.length) object.status.conditions = conditions;
    else delete object.status.conditions;
  },
  validateUpdate: (object, old) => validateRequestUpdate(object, old, { decisions: true }),
};

/** …/status changes the certificate and conditions, but decides nothing. Models csrStatusStrategy. */
export const status: UpdateStrategy = {
  prepareForUpdate(object, old, { now }) {
    object.spec = old.spec;
    preserveDecisions(object, old);
    stampConditions(object, old, now);
  },
  validateUpdate: (object, old) => validateRequestUpdate(object, old, { certificate: true }),
};
