import { groupResourceText, parseApiVersion } from '../../apimachinery/object.ts';
import type { ApiResource, ServerResources } from '../discovery/discovery-client.ts';
import { NoKindMatchError, NoResourceMatchError } from '../util/errors.ts';

/** A kind and the resource that serves it. Models k8s.io/apimachinery/pkg/api/meta RESTMapping. */
export interface RestMapping {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** "deployments.apps", as it stands in messages. */
export function resourceText({ group, resource }: RestMapping): string {
  return groupResourceText({ group, resource });
}

/** "Deployment.apps", "Pod". Models k8s.io/apimachinery/pkg/runtime/schema GroupKind.String. */
export function kindText({ group, kind }: RestMapping): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/** "apps/v1". */
export function apiVersionText({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Finds resources by what people call them. Models k8s.io/client-go/restmapper. */
export class RestMapper {
  readonly server: ServerResources;

  constructor(server: ServerResources) {
    this.server = server;
  }

  /**
   * The mapping for an argument such as "pods", "po", "Pod", "deployments.apps" or
   * "deployments.v1.apps". Models cli-runtime resource.Builder.mappingFor.
   */
  mappingFor(argument: string): RestMapping {
    const found = this.#findResource(argument) ?? this.#findKind(argument);
    if (found === undefined) {
      const [resource] = splitGroup(argument.toLowerCase());
      throw new Error(`the server doesn't have a resource type ${JSON.stringify(resource)}`);
    }
    return mappingOf(found);
  }

  /**
   * The mapping for a resource of a group, "" for any; throws a NoResourceMatchError. Models
   * k8s.io/apimachinery/pkg/api/meta RESTMapper.ResourceFor.
   */
  resourceFor(resource: string, group: string): RestMapping {
    const found =
      group === ''
        ? this.#findResource(resource)
        : this.#findInterpreted([[resource.toLowerCase(), group.toLowerCase(), undefined]]);
    if (found === undefined) throw new NoResourceMatchError(resource, group);
    return mappingOf(found);
  }

  /**
   * Further resources that a short name may mean: "events.events.k8s.io" for "ev". None for what is a
   * name in full. Models k8s.io/client-go/restmapper shortcutExpander.
   */
  othersCalled(argument: string, { group, resource }: RestMapping): string[] {
    const { resources } = this.server;
    if (resources.some(({ name, singularName }) => name === argument || singularName === argument)) return [];
    const called = resources
      .filter(({ shortNames }) => shortNames.includes(argument))
      .map((one) => groupResourceText({ group: one.group, resource: one.name }));
    return [...new Set(called)].filter((name) => name !== groupResourceText({ group, resource }));
  }

  /** All that a resource's name may mean, the preferred first; throws a NoResourceMatchError for nothing. */
  resourcesFor(name: string): readonly RestMapping[] {
    const preferred = this.resourceFor(name, '');
    const others = this.server.resources.filter(
      (one) => one.name === preferred.resource && one.group !== preferred.group,
    );
    return [preferred, ...others.map(mappingOf)];
  }

  /**
   * The mapping for the kind of an object. Lists of known kinds, and "List" in each version, have one that no server
   * serves.
   */
  kindMapping(apiVersion: string, kind: string): RestMapping {
    const { group, version } = parseApiVersion(apiVersion);
    const known = this.server.resources.filter(
      (resource) => resource.group === group && resource.version === version,
    );
    const found = known.find((resource) => resource.kind === kind);
    if (found === undefined) {
      const isListed = kind === 'List' || known.some((resource) => `${resource.kind}List` === kind);
      if (known.length > 0 && isListed)
        return { group, version, resource: `${kind.toLowerCase()}s`, kind, namespaced: false };
      throw new NoKindMatchError(
        `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
      );
    }
    return mappingOf(found);
  }

  /** What a resource is called in short, or the argument itself. "all" and the like become their members. */
  expandCategory(argument: string): string {
    return argument
      .split(',')
      .map((part) => {
        const members = this.server.resources.filter(({ categories }) => categories.includes(part));
        const names = members.map(({ group, name }) => groupResourceText({ group, resource: name }));
        return members.length === 0 ? part : [...new Set(names)].join(',');
      })
      .join(',');
  }

  #findResource(argument: string): ApiResource | undefined {
    return this.#findInterpreted(interpretations(argument.toLowerCase()));
  }

  #findInterpreted(meanings: ReturnType<typeof interpretations>): ApiResource | undefined {
    for (const [name, group, version] of meanings) {
      const candidates = this.server.resources.filter(
        (resource) =>
          (group === undefined ||
            resource.group === group ||
            (group !== '' && resource.group.startsWith(`${group}.`))) &&
          (version === undefined || resource.version === version),
      );
      const found =
        candidates.find((resource) => resource.name === name) ??
        candidates.find((resource) => (resource.singularName || resource.kind.toLowerCase()) === name) ??
        candidates.find((resource) => resource.shortNames.includes(name));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #findKind(argument: string): ApiResource | undefined {
    for (const [kind, group, version] of interpretations(argument)) {
      const found = this.server.resources.find(
        (resource) =>
          resource.kind.toLowerCase() === kind.toLowerCase() &&
          (group === undefined || resource.group === group) &&
          (version === undefined || resource.version === version),
      );
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** "a.b.c" may be resource a in version b of group c, or resource a in group b.c. */
function interpretations(
  text: string,
): [name: string, group: string | undefined, version: string | undefined][] {
  const parts = text.split('.');
  if (parts.length === 1) return [[text, undefined, undefined]];
  const [name, second, ...rest] = parts as [string, string, ...string[]];
  return [
    ...(rest.length > 0 ? [[name, rest.join('.'), second] as [string, string, string]] : []),
    [name, [second, ...rest].join('.'), undefined],
  ];
}

function splitGroup(text: string): [string, string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}

function mappingOf({ group, version, name, kind, namespaced }: ApiResource): RestMapping {
  return { group, version, resource: name, kind, namespaced };
}
