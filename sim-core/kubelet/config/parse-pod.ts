import type { Pod } from 'kubernetes-types/core/v1';
import { jsonKind, unmarshalTypeError } from '../../apimachinery/json/unmarshal-type-error.ts';
import { YamlError } from '../../apimachinery/json/yaml-error.ts';

/**
 * A manifest's text as a Pod, or in the kubelet's words why it is none. `parse` gives what the text says, or throws a
 * YamlError.
 *
 * Models pkg/kubelet/config/common.go tryDecodeSinglePod.
 */
export function parsePod(
  text: string,
  parse: (text: string) => unknown,
): { readonly pod?: Pod; readonly problem?: string } {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { problem: error.message };
  }
  const object = (typeof value === 'object' && value !== null ? value : {}) as Partial<Pod>;
  const { apiVersion, kind } = object;
  if (apiVersion === undefined || kind === undefined) {
    const field = kind === undefined ? 'Kind' : 'apiVersion';
    return { problem: `Object '${field}' is missing in '${JSON.stringify(value ?? null)}'` };
  }
  if (kind !== 'Pod' || apiVersion !== 'v1') {
    return {
      problem: `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    };
  }
  const problem = typeProblem(object) ?? invalidProblem(object);
  return problem === undefined ? { pod: object as Pod } : { problem };
}

/** The first field that the kubelet relies on and that has another type. Go's decoder says which. */
function typeProblem({ metadata, spec }: Partial<Pod>): string | undefined {
  const wrong = (field: string, value: unknown, type: string) =>
    unmarshalTypeError(jsonKind(value), type, field);
  if (metadata !== undefined && !isObject(metadata)) return wrong('Pod.metadata', metadata, 'v1.ObjectMeta');
  if (spec !== undefined && !isObject(spec)) return wrong('Pod.spec', spec, 'v1.PodSpec');
  for (const field of ['containers', 'initContainers'] as const) {
    const list = spec?.[field] ?? [];
    if (!Array.isArray(list)) return wrong(`PodSpec.spec.${field}`, list, '[]v1.Container');
    for (const container of list) {
      const at = (name: string) => `Container.spec.${field}.${name}`;
      for (const name of ['name', 'image'] as const) {
        if (container[name] !== undefined && typeof container[name] !== 'string')
          return wrong(at(name), container[name], 'string');
      }
      for (const name of ['command', 'args'] as const) {
        const words: unknown = container[name] ?? [];
        if (!Array.isArray(words)) return wrong(at(name), words, '[]string');
        const word: unknown = words.find((each) => typeof each !== 'string');
        if (word !== undefined) return wrong(at(name), word, 'string');
      }
    }
  }
  return undefined;
}

/** Models the parts of pod validation that a static pod meets most. */
function invalidProblem({ metadata, spec }: Partial<Pod>): string | undefined {
  const problems: string[] = [];
  if ((metadata?.name ?? '') === '')
    problems.push('metadata.name: Required value: name or generateName is required');
  const containers = spec?.containers ?? [];
  if (containers.length === 0) problems.push('spec.containers: Required value');
  for (const [index, { name, image, volumeMounts }] of containers.entries()) {
    const at = `spec.containers[${index}]`;
    if ((name ?? '') === '') problems.push(`${at}.name: Required value`);
    if ((image ?? '') === '') problems.push(`${at}.image: Required value`);
    for (const [at2, mount] of (volumeMounts ?? []).entries()) {
      if (!(spec?.volumes ?? []).some((volume) => volume.name === mount.name))
        problems.push(`${at}.volumeMounts[${at2}].name: Not found: ${JSON.stringify(mount.name)}`);
    }
  }
  return problems.length === 0 ? undefined : `invalid pod: [${problems.join(', ')}]`;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
