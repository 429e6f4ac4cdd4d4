import { labelSelectorAsSelector } from '../../../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../../../apimachinery/object.ts';
import { isParamKind } from '../../../../cel/admission.ts';
import type { ParamRef } from '../../../../registry/admissionregistration/types.ts';
import type { ServerServices } from '../../../../registry/rest/server-services.ts';

/** A policy or binding that cannot be used as it is. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Why nothing that a policy's paramKind names can be found; undefined if it can. */
export function paramKindFault(
  { registry }: Pick<ServerServices, 'registry'>,
  kind: { readonly apiVersion: string; readonly kind: string } | undefined,
): string | undefined {
  if (kind === undefined || registry.definitions().some((known) => isParamKind(kind, known)))
    return undefined;
  const groupVersion = kind.apiVersion.includes('/') ? kind.apiVersion : `/${kind.apiVersion}`;
  return `failed to configure policy: failed to find resource referenced by paramKind: '${groupVersion}, Kind=${kind.kind}'`;
}

/**
 * The objects that a binding gives its policy as parameters, one run for each; undefined is one run without.
 * Throws a ConfigurationError. Models policy/generic/policy_dispatcher.go CollectParams.
 */
export async function collectParams(
  { registry, reader }: Pick<ServerServices, 'registry' | 'reader'>,
  kind: { readonly apiVersion: string; readonly kind: string } | undefined,
  ref: ParamRef | undefined,
  requestNamespace: string,
): Promise<readonly (KubeObject | undefined)[]> {
  if (kind === undefined || ref === undefined) return [undefined];
  const definition = registry.definitions().find((known) => isParamKind(kind, known));
  if (definition === undefined) throw new Error(`${kind.apiVersion} ${kind.kind} is not known`);
  let namespace = '';
  if (definition.namespaced) {
    namespace = ref.namespace || requestNamespace;
    if (namespace === '') {
      throw new ConfigurationError(
        'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
      );
    }
  } else if (ref.namespace) {
    throw new ConfigurationError('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  }
  const params: KubeObject[] = [];
  if (ref.name) {
    const found = await reader.get(definition, namespace, ref.name);
    if (found !== undefined) params.push(found);
  } else {
    const selector = labelSelectorAsSelector(ref.selector ?? {});
    const all = await reader.list(definition, namespace);
    params.push(...all.filter(({ metadata }) => selector.matches(metadata.labels)));
  }
  if (params.length === 0 && ref.parameterNotFoundAction === 'Deny') {
    throw new ConfigurationError('no params found for policy binding with `Deny` parameterNotFoundAction');
  }
  return params;
}
