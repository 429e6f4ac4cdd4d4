import type { AuthorizationAttributes, Authorizer, Decision } from '../authorizer.ts';
import { NODE_RULES } from '../rbac/node-rules.ts';
import { rulesAllow } from '../rbac/rules.ts';
import type { NodeGraph, ReferencedResource } from './graph.ts';
import { nodeIdentity } from './node-identity.ts';

const NODE_LEASE_NAMESPACE = 'kube-node-lease';
const OWN_OBJECT_VERBS = ['get', 'create', 'update', 'patch', 'delete'];

const ALLOW: Decision = { decision: 'allow', reason: '' };
const noOpinion = (reason: string): Decision => ({ decision: 'no opinion', reason });

/**
 * Lets a kubelet read what the pods on its node need, and do what every node may.
 * Models plugin/pkg/auth/authorizer/node/node_authorizer.go NodeAuthorizer.
 */
export class NodeAuthorizer implements Authorizer {
  readonly name = 'Node';
  readonly #graph: NodeGraph;

  constructor(graph: NodeGraph) {
    this.#graph = graph;
  }

  async authorize(attributes: AuthorizationAttributes): Promise<Decision> {
    const node = nodeIdentity(attributes.user);
    if (node === undefined) return noOpinion('');
    if (node === '') return noOpinion(`unknown node for user ${JSON.stringify(attributes.user.name)}`);
    if (attributes.resourceRequest) {
      switch (`${attributes.group}/${attributes.resource}`) {
        case '/secrets':
          return this.#authorizeReadNamespaced(node, 'secrets', attributes);
        case '/configmaps':
          return this.#authorizeReadNamespaced(node, 'configmaps', attributes);
        case '/persistentvolumeclaims':
          return attributes.subresource === 'status'
            ? this.#authorizeStatusUpdate(node, 'persistentvolumeclaims', attributes)
            : this.#authorizeGet(node, 'persistentvolumeclaims', attributes);
        case '/persistentvolumes':
          return this.#authorizeGet(node, 'persistentvolumes', attributes);
        case 'storage.k8s.io/volumeattachments':
          return this.#authorizeGet(node, 'volumeattachments', attributes);
        case '/serviceaccounts':
          return this.#authorizeCreateToken(node, attributes);
        case 'coordination.k8s.io/leases':
          return authorizeLease(node, attributes);
        case 'storage.k8s.io/csinodes':
          return authorizeCSINode(node, attributes);
      }
    }
    return rulesAllow(attributes, NODE_RULES) ? ALLOW : noOpinion('');
  }

  #authorizeStatusUpdate(
    node: string,
    resource: ReferencedResource,
    attributes: AuthorizationAttributes,
  ): Promise<Decision> | Decision {
    return ['update', 'patch', 'get'].includes(attributes.verb)
      ? this.#authorize(node, resource, attributes)
      : noOpinion('can only get/update/patch this type');
  }

  #authorizeGet(
    node: string,
    resource: ReferencedResource,
    attributes: AuthorizationAttributes,
  ): Promise<Decision> | Decision {
    if (attributes.verb !== 'get') return noOpinion('can only get individual resources of this type');
    if (attributes.subresource !== '') return noOpinion('cannot get subresource');
    return this.#authorize(node, resource, attributes);
  }

  #authorizeReadNamespaced(
    node: string,
    resource: ReferencedResource,
    attributes: AuthorizationAttributes,
  ): Promise<Decision> | Decision {
    if (!['get', 'list', 'watch'].includes(attributes.verb)) {
      return noOpinion('can only read resources of this type');
    }
    if (attributes.subresource !== '') return noOpinion('cannot read subresource');
    if (attributes.namespace === '') return noOpinion('can only read namespaced object of this type');
    return this.#authorize(node, resource, attributes);
  }

  async #authorize(
    node: string,
    resource: ReferencedResource,
    { namespace, name }: AuthorizationAttributes,
  ): Promise<Decision> {
    if (name === '') return noOpinion('No Object name found');
    return (await this.#graph.hasPath(node, resource, namespace, name))
      ? ALLOW
      : noOpinion(`no relationship found between node '${node}' and this object`);
  }

  async #authorizeCreateToken(
    node: string,
    { verb, name, subresource, namespace }: AuthorizationAttributes,
  ): Promise<Decision> {
    if (verb !== 'create' || name === '') {
      return noOpinion('can only create tokens for individual service accounts');
    }
    if (subresource !== 'token') return noOpinion('can only create token subresource of service account');
    return (await this.#graph.hasPath(node, 'serviceaccounts', namespace, name))
      ? ALLOW
      : noOpinion(`no relationship found between node '${node}' and this object`);
  }
}

function authorizeLease(node: string, { verb, namespace, name }: AuthorizationAttributes): Decision {
  if (!OWN_OBJECT_VERBS.includes(verb)) {
    return noOpinion('can only get, create, update, patch, or delete a node lease');
  }
  if (namespace !== NODE_LEASE_NAMESPACE) {
    return noOpinion(
      `can only access leases in the ${JSON.stringify(NODE_LEASE_NAMESPACE)} system namespace`,
    );
  }
  // A create does not name its object; the NodeRestriction plugin looks into it.
  if (verb !== 'create' && name !== node) {
    return noOpinion('can only access node lease with the same name as the requesting node');
  }
  return ALLOW;
}

function authorizeCSINode(node: string, { verb, subresource, name }: AuthorizationAttributes): Decision {
  if (!OWN_OBJECT_VERBS.includes(verb)) {
    return noOpinion('can only get, create, update, patch, or delete a CSINode');
  }
  if (subresource !== '') return noOpinion('cannot authorize CSINode subresources');
  if (verb !== 'create' && name !== node) {
    return noOpinion('can only access CSINode with the same name as the requesting node');
  }
  return ALLOW;
}
