import type { Pod } from 'kubernetes-types/core/v1';
import { parse, YAMLParseError } from 'yaml';

/**
 * A manifest's text as a Pod, or in the kubelet's words why it is none.
 *
 * Models pkg/kubelet/config/common.go tryDecodeSinglePod.
 */
export function parsePod(text: string): { readonly pod?: Pod; readonly problem?: string } {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const line = error.linePos?.[0].line ?? 1;
    return { problem: `yaml: line ${line}: ${error.message.split('\n')[0]!.replace(/ at line .*$/, '')}` };
  }
  const object = (typeof value === 'object' && value !== null ? value : {}) as Partial<Pod>;
  const { apiVersion, kind } = object;
  if (apiVersion === undefined || kind === undefined) {
    const field = kind === undefined ? 'Kind' : 'apiVersion';
    return { problem: `Object '${field}' is missing in '${JSON.stringify(value ?? null)}'` };
  }
  if (kind !== 'Pod' || apiVersion !== 'v1') {
    return {
      problem: `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    };
  }
  const problem = typeProblem(object);
  return problem === undefined ? { pod: object as Pod } : { problem };
}

/** The first field that the kubelet relies on and that has another type. */
function typeProblem({ metadata, spec }: Partial<Pod>): string | undefined {
  if (typeof metadata?.name !== 'string') return 'invalid pod: [metadata.name: Required value]';
  if (!Array.isArray(spec?.containers) || spec.containers.length === 0) {
    return 'invalid pod: [spec.containers: Required value]';
  }
  for (const [field, containers] of [
    ['containers', spec.containers],
    ['initContainers', spec.initContainers ?? []],
  ] as const) {
    for (const container of containers) {
      const wrong = [
        ['name', [container.name]],
        ['image', [container.image ?? '']],
        ['command', container.command ?? []],
        ['args', container.args ?? []],
      ].find(([, texts]) => !Array.isArray(texts) || texts.some((text) => typeof text !== 'string'));
      if (wrong !== undefined) {
        return `json: cannot unmarshal into Go struct field Container.spec.${field}.${wrong[0] as string} of type string`;
      }
    }
  }
  return undefined;
}
