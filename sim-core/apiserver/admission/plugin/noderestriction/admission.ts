import type { PodSpec } from 'kubernetes-types/core/v1';
import { semanticEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { notFoundError } from '../../../../apimachinery/status.ts';
import { nodeIdentity } from '../../../authorization/node/node-identity.ts';
import { podReferences } from '../../../authorization/node/pod-references.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import { admissionForbidden } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';
import { forbiddenLabels, modifiedLabels } from './labels.ts';

const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const NODE_LEASE_NAMESPACE = 'kube-node-lease';
const PODS = { group: '', resource: 'pods' };
const quote = JSON.stringify;

/**
 * A kubelet changes its own Node and the pods bound to it only.
 * Models plugin/pkg/admission/noderestriction/admission.go.
 */
export class NodeRestriction implements PluginWork {
  readonly #services: Pick<ServerServices, 'reader'>;

  constructor(services: Pick<ServerServices, 'reader'>) {
    this.#services = services;
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const node = nodeIdentity(attributes.user);
    if (node === undefined) return;
    const refuse = (reason: string) => admissionForbidden(attributes, reason);
    if (node === '') throw refuse(`could not determine node from user ${quote(attributes.user.name)}`);
    const { group, resource } = attributes.resource;
    switch (`${group}/${resource}`) {
      case '/pods':
        return this.#admitPods(node, attributes, refuse);
      case '/nodes':
        return admitNode(node, attributes, refuse);
      case '/serviceaccounts':
        return attributes.subresource === 'token' ? this.#admitToken(node, attributes, refuse) : undefined;
      case 'coordination.k8s.io/leases':
        return admitLease(node, attributes, refuse);
      case 'storage.k8s.io/csinodes':
        return admitCSINode(node, attributes, refuse);
    }
  }

  async #admitPods(node: string, attributes: AdmissionAttributes, refuse: Refuse): Promise<void> {
    const { operation, subresource, object, oldObject } = attributes;
    switch (subresource) {
      case '':
        if (operation === 'CREATE') return this.#admitMirrorPod(node, object!, refuse);
        if (operation === 'DELETE') {
          const pod = await this.#podOf(attributes);
          if (pod.spec?.nodeName !== node) {
            throw refuse(`node ${quote(node)} can only delete pods with spec.nodeName set to itself`);
          }
          return;
        }
        throw refuse(
          `unexpected operation ${quote(operation)}, node ${quote(node)} can only create and delete mirror pods`,
        );
      case 'status':
        if (oldObject?.spec?.nodeName !== node) {
          throw refuse(
            `node ${quote(node)} can only update pod status for pods with spec.nodeName set to itself`,
          );
        }
        if (!semanticEqual(object?.metadata.labels, oldObject.metadata.labels)) {
          throw refuse(`node ${quote(node)} cannot update labels through pod status`);
        }
        return;
      case 'eviction': {
        const pod = await this.#podOf(attributes);
        if (pod.spec?.nodeName !== node) {
          throw refuse(`node ${node} can only evict pods with spec.nodeName set to itself`);
        }
        return;
      }
      default:
        throw refuse(
          `unexpected pod subresource ${quote(subresource)}, only 'status' and 'eviction' are allowed`,
        );
    }
  }

  /** Models admitPodCreate. */
  async #admitMirrorPod(node: string, pod: KubeObject, refuse: Refuse): Promise<void> {
    if (pod.metadata.annotations?.[MIRROR_ANNOTATION] === undefined) {
      throw refuse(
        `pod does not have ${quote(MIRROR_ANNOTATION)} annotation, node ${quote(node)} can only create mirror pods`,
      );
    }
    const spec = pod.spec as PodSpec;
    if (spec.nodeName !== node) {
      throw refuse(`node ${quote(node)} can only create pods with spec.nodeName set to itself`);
    }
    const owners = pod.metadata.ownerReferences ?? [];
    if (owners.length > 1) {
      throw refuse(`node ${quote(node)} can only create pods with a single owner reference set to itself`);
    }
    const [owner] = owners;
    if (owner === undefined) {
      throw refuse(`node ${quote(node)} can only create pods with an owner reference set to itself`);
    }
    if (owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) {
      throw refuse(`node ${quote(node)} can only create pods with an owner reference set to itself`);
    }
    if (owner.controller !== true) {
      throw refuse(
        `node ${quote(node)} can only create pods with a controller owner reference set to itself`,
      );
    }
    if (owner.blockOwnerDeletion === true) {
      throw refuse(`node ${quote(node)} must not set blockOwnerDeletion on an owner reference`);
    }
    const self = await this.#services.reader.get({ group: '', resource: 'nodes' }, '', node);
    if (self === undefined) throw notFoundError({ group: '', resource: 'nodes' }, node);
    if (owner.uid !== self.metadata.uid) {
      throw refuse(`node ${node} UID mismatch: expected ${owner.uid} got ${self.metadata.uid}`);
    }
    if (spec.serviceAccountName) {
      throw refuse(`node ${quote(node)} can not create pods that reference a service account`);
    }
    const references = podReferences(pod.metadata.name ?? '', spec);
    if (references.secrets.size > 0)
      throw refuse(`node ${quote(node)} can not create pods that reference secrets`);
    if (references.configmaps.size > 0) {
      throw refuse(`node ${quote(node)} can not create pods that reference configmaps`);
    }
    if (references.persistentvolumeclaims.size > 0) {
      throw refuse(`node ${quote(node)} can not create pods that reference persistentvolumeclaims`);
    }
  }

  /** Models admitServiceAccount: tokens only for pods of this node. */
  async #admitToken(node: string, attributes: AdmissionAttributes, refuse: Refuse): Promise<void> {
    const reference = attributes.object?.spec?.boundObjectRef;
    if (!reference || reference.apiVersion !== 'v1' || reference.kind !== 'Pod' || !reference.name) {
      throw refuse('node requested token not bound to a pod');
    }
    if (!reference.uid) throw refuse('node requested token with a pod binding without a uid');
    const pod = await this.#services.reader.get(PODS, attributes.namespace, reference.name);
    if (pod === undefined) throw notFoundError(PODS, reference.name);
    if (pod.metadata.uid !== reference.uid) {
      throw refuse(
        `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
    }
    if (pod.spec?.nodeName !== node) {
      throw refuse('node requested token bound to a pod scheduled on a different node');
    }
  }

  async #podOf({ namespace, name }: AdmissionAttributes): Promise<KubeObject> {
    const pod = await this.#services.reader.get(PODS, namespace, name);
    if (pod === undefined) throw notFoundError(PODS, name);
    return pod;
  }
}

type Refuse = (reason: string) => Error;

/** Models admitNode. */
function admitNode(node: string, attributes: AdmissionAttributes, refuse: Refuse): void {
  const { operation, object, oldObject } = attributes;
  const requested = attributes.name || (object?.metadata.name ?? '');
  if (requested !== node) {
    throw refuse(`node ${quote(node)} is not allowed to modify node ${quote(requested)}`);
  }
  if (operation === 'CREATE') {
    const forbidden = forbiddenLabels(modifiedLabels(object!.metadata.labels, undefined));
    if (forbidden.length > 0) {
      throw refuse(`is not allowed to set the following labels: ${forbidden.join(', ')}`);
    }
  } else if (operation === 'UPDATE') {
    if (!semanticEqual(object!.spec?.taints, oldObject!.spec?.taints)) {
      throw refuse(`node ${quote(node)} is not allowed to modify taints`);
    }
    const forbidden = forbiddenLabels(modifiedLabels(object!.metadata.labels, oldObject!.metadata.labels));
    if (forbidden.length > 0) throw refuse(`is not allowed to modify labels: ${forbidden.join(', ')}`);
  }
}

/** Models admitLease. */
function admitLease(node: string, attributes: AdmissionAttributes, refuse: Refuse): void {
  const { namespace, operation, object } = attributes;
  if (namespace !== NODE_LEASE_NAMESPACE) {
    throw refuse(`can only access leases in the ${quote(NODE_LEASE_NAMESPACE)} system namespace`);
  }
  const name = operation === 'CREATE' ? (object?.metadata.name ?? '') : attributes.name;
  if (name !== node) throw refuse('can only access node lease with the same name as the requesting node');
}

/** Models admitCSINode. */
function admitCSINode(node: string, attributes: AdmissionAttributes, refuse: Refuse): void {
  const name = attributes.operation === 'CREATE' ? (attributes.object?.metadata.name ?? '') : attributes.name;
  if (name !== node) throw refuse('can only access CSINode with the same name as the requesting node');
}
