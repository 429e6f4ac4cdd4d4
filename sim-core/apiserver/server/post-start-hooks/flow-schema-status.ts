import type { JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { isReason } from '../../../apimachinery/status.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { FLOW_SCHEMAS, PRIORITY_LEVELS } from '../../flowcontrol/flow-controller.ts';
import type { ServerServices } from '../../registry/rest/server-services.ts';
import type { PostStartHook } from './hook.ts';
import { serverContext } from './hook.ts';

const MANAGER = 'api-priority-and-fairness-config-consumer-v1';
const TYPE = 'Dangling';
const apply = new LazyModule(() => import('../../../apimachinery/managedfields/apply.ts'));

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/**
 * Says on each flow schema whether its priority level is there.
 * Models apf_controller.go presyncFlowSchemaStatus and syncFlowSchemaStatus.
 */
export const flowSchemaStatus: PostStartHook = {
  name: 'priority-and-fairness-config-consumer',
  keeps: { every: 0, resources: [FLOW_SCHEMAS, PRIORITY_LEVELS] },
  async run(services) {
    const levels = await services.reader.list(PRIORITY_LEVELS);
    const names = new Set(levels.map(({ metadata }) => metadata.name!));
    for (const schema of await services.reader.list(FLOW_SCHEMAS)) {
      const condition = conditionOf(schema, names);
      if (!says(schema, condition)) await applyCondition(services, schema.metadata.name!, condition);
    }
  },
};

function conditionOf({ spec }: KubeObject, levels: ReadonlySet<string>): Condition {
  const level = String(spec?.['priorityLevelConfiguration']?.name ?? '');
  const start = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  return levels.has(level)
    ? { type: TYPE, status: 'False', reason: 'Found', message: `${start} and it exists` }
    : { type: TYPE, status: 'True', reason: 'NotFound', message: `${start} but there is no such object` };
}

function says({ status }: KubeObject, wanted: Condition): boolean {
  const known = (status?.['conditions'] as readonly Condition[] | undefined)?.find(
    ({ type }) => type === TYPE,
  );
  return (
    known?.status === wanted.status && known.reason === wanted.reason && known.message === wanted.message
  );
}

async function applyCondition(services: ServerServices, name: string, condition: Condition): Promise<void> {
  const store = services.registry.storeFor(FLOW_SCHEMAS);
  const { applyConfig } = await apply.load(services.clock);
  const fieldManager = await services.fieldManagerOf(store.definition, 'status');
  const context = serverContext(services, '');
  const { type, ...rest } = condition;
  const change = (existing: KubeObject) => {
    const config: JsonObject = {
      kind: existing.kind!,
      apiVersion: existing.apiVersion!,
      metadata: { name },
      status: { conditions: [{ type, lastTransitionTime: formatTime(context.now), ...rest }] },
    };
    const applying = { manager: MANAGER, force: true, now: context.now };
    const { object, managedFields } = applyConfig(fieldManager, existing, config, applying);
    if (object === undefined) return existing;
    const next = object as unknown as KubeObject;
    next.metadata = { ...next.metadata, managedFields };
    return next;
  };
  try {
    await store.guaranteedUpdate(name, change, context);
  } catch (error) {
    // It was deleted meanwhile.
    if (!isReason(error, 'NotFound')) throw error;
  }
}
