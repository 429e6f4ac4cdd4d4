import type { JsonObject } from '../../../../apimachinery/object.ts';

/**
 * Metrics of autoscaling/v2 in the words of autoscaling/v1, which no field of that version holds: they stand in
 * annotations, fields in the order of Go's types.
 *
 * Models pkg/apis/autoscaling/v1/conversion.go.
 */

type Metric = JsonObject & { readonly type?: string };
type Value = JsonObject | undefined;

/** Go prints a quantity that is no pointer even where there is none. */
const NONE = '0';

/** What a metric of a type is called by, and where its values go. */
interface Words {
  /** "object" of a metric of type Object. */
  readonly field: string;
  toOld(source: JsonObject, values: JsonObject, kind: Kind): JsonObject;
  toNew(source: JsonObject, kind: Kind): JsonObject;
}
/** Of a spec or of a status: "targetValue" or "currentValue", below "target" or "current". */
interface Kind {
  readonly prefix: 'target' | 'current';
  readonly isSpec: boolean;
}
const SPEC: Kind = { prefix: 'target', isSpec: true };
const STATUS: Kind = { prefix: 'current', isSpec: false };

const defined = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
const reference = ({ kind, name, apiVersion }: JsonObject): JsonObject =>
  defined({ kind, name, apiVersion } as JsonObject);
const metricOf = (name: unknown, selector: unknown): JsonObject => defined({ name, selector } as JsonObject);

function target(kind: Kind, type: string, values: JsonObject): JsonObject {
  return defined({ ...(kind.isSpec && { type }), ...values });
}

const resourceWords = (field: string): Words => ({
  field,
  toOld: ({ name, container }, { averageUtilization, averageValue }, { prefix, isSpec }) =>
    defined({
      name,
      [`${prefix}AverageUtilization`]: averageUtilization,
      [`${prefix}AverageValue`]: averageValue ?? (isSpec ? undefined : NONE),
      container,
    } as JsonObject),
  toNew(source, kind) {
    const averageUtilization = source[`${kind.prefix}AverageUtilization`];
    const averageValue = source[`${kind.prefix}AverageValue`];
    const type = averageUtilization === undefined ? 'AverageValue' : 'Utilization';
    return defined({
      container: source['container'],
      name: source['name'],
      [kind.prefix]: target(kind, type, { averageUtilization, averageValue } as JsonObject),
    } as JsonObject);
  },
});

const WORDS: Readonly<Record<string, Words>> = {
  Object: {
    field: 'object',
    toOld: ({ describedObject, metric }, { value, averageValue }, { prefix }) =>
      defined({
        target: reference((describedObject ?? {}) as JsonObject),
        metricName: (metric as Value)?.['name'],
        [`${prefix}Value`]: value ?? NONE,
        selector: (metric as Value)?.['selector'],
        averageValue,
      } as JsonObject),
    toNew(source, kind) {
      const { target: of, metricName, selector, averageValue } = source;
      const value = source[`${kind.prefix}Value`];
      const values = averageValue === undefined || !kind.isSpec ? { value, averageValue } : { averageValue };
      return {
        describedObject: reference((of ?? {}) as JsonObject),
        [kind.prefix]: target(
          kind,
          averageValue === undefined ? 'Value' : 'AverageValue',
          values as JsonObject,
        ),
        metric: metricOf(metricName, selector),
      };
    },
  },
  Pods: {
    field: 'pods',
    toOld: ({ metric }, { averageValue }, { prefix }) =>
      defined({
        metricName: (metric as Value)?.['name'],
        [`${prefix}AverageValue`]: averageValue ?? NONE,
        selector: (metric as Value)?.['selector'],
      } as JsonObject),
    toNew: (source, kind) => ({
      metric: metricOf(source['metricName'], source['selector']),
      [kind.prefix]: target(kind, 'AverageValue', {
        averageValue: source[`${kind.prefix}AverageValue`],
      } as JsonObject),
    }),
  },
  Resource: resourceWords('resource'),
  ContainerResource: resourceWords('containerResource'),
  External: {
    field: 'external',
    toOld: ({ metric }, { value, averageValue }, { prefix, isSpec }) =>
      defined({
        metricName: (metric as Value)?.['name'],
        metricSelector: (metric as Value)?.['selector'],
        [`${prefix}Value`]: value ?? (isSpec ? undefined : NONE),
        [`${prefix}AverageValue`]: averageValue,
      } as JsonObject),
    toNew(source, kind) {
      const value = source[`${kind.prefix}Value`];
      const averageValue = source[`${kind.prefix}AverageValue`];
      return {
        metric: metricOf(source['metricName'], source['metricSelector']),
        [kind.prefix]: target(kind, value === undefined ? 'AverageValue' : 'Value', {
          value,
          averageValue,
        } as JsonObject),
      };
    },
  },
};

function toOld(metric: Metric, kind: Kind): JsonObject {
  const words = WORDS[metric.type ?? ''];
  const source = words && (metric[words.field] as Value);
  if (words === undefined || source === undefined) return { type: metric.type ?? '' };
  const values = (source[kind.prefix] ?? {}) as JsonObject;
  return { type: metric.type!, [words.field]: words.toOld(source, values, kind) };
}

function toNew(metric: Metric, kind: Kind): JsonObject {
  const words = WORDS[metric.type ?? ''];
  const source = words && (metric[words.field] as Value);
  if (words === undefined || source === undefined) return { type: metric.type ?? '' };
  return { type: metric.type!, [words.field]: words.toNew(source, kind) };
}

export const metricSpecToV1 = (metric: JsonObject): JsonObject => toOld(metric, SPEC);
export const metricSpecFromV1 = (metric: JsonObject): JsonObject => toNew(metric, SPEC);
export const metricStatusToV1 = (metric: JsonObject): JsonObject => toOld(metric, STATUS);
export const metricStatusFromV1 = (metric: JsonObject): JsonObject => toNew(metric, STATUS);
