import type { HttpResponse } from '../../../apimachinery/http.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { badRequestError, forbiddenError } from '../../../apimachinery/status.ts';
import { ensureNamespace, wipeSystemFields } from '../../registry/rest/meta.ts';
import type { UpdateStrategy } from '../../registry/rest/strategy.ts';
import type { ServerRequest } from '../request.ts';
import { attributesOf } from '../filters/authorization-attributes.ts';
import { managerOf } from './field-managers.ts';
import { negotiate } from './negotiation.ts';
import { writeOptions } from './write-options.ts';
import { dedupOwnerReferences } from './owner-references.ts';
import type { StoredWriteScope } from './scope.ts';
import { contextOf, RequestAdmission, respondObject } from './scope.ts';

/** PUT of an object or of one of its subresources. Models endpoints/handlers/update.go. */
export async function updateResource(
  request: ServerRequest,
  scope: StoredWriteScope,
  strategy: UpdateStrategy,
): Promise<HttpResponse> {
  const { definition } = scope;
  const { name, namespace } = request.info;
  const { mediaType, view } = negotiate(request, true);
  const options = writeOptions(request.query, 'UpdateOptions');
  const read = (from: ServerRequest): KubeObject => {
    const object = scope.decoder.decode(from, definition, options.fieldValidation ?? '');
    ensureNamespace(definition.namespaced ? namespace : '', object.metadata);
    return object;
  };
  const decoded = read(request);
  checkName(decoded, name, namespace);
  const context = contextOf(request, scope, options);
  const admission = new RequestAdmission(request, scope, definition, options, context.dryRun);
  const fieldManager = scope.fieldManagers.of(request.info.subresource);
  let unused: KubeObject | undefined = decoded;
  const { object, created } = await scope.store.updateWith(
    name,
    async (existing) => {
      // A second attempt starts over from the body: the first has changed what was read of it.
      const object = unused ?? read({ ...request, warnings: [], trace: () => {} });
      unused = undefined;
      request.warnings.push(...dedupOwnerReferences(object.metadata, ''));
      if (existing === undefined) {
        wipeSystemFields(object.metadata);
        fieldManager.update(undefined, object, managerOf(request), context.now);
        await admission.admit('CREATE', object, undefined);
      } else {
        fieldManager.update(existing, object, managerOf(request), context.now);
        await admission.admit('UPDATE', object, existing);
      }
      return object;
    },
    context,
    {
      strategy,
      uid: decoded.metadata.uid,
      validateUpdate: admission.validator('UPDATE'),
      validateCreate: async (object, old) => {
        await authorizeCreate(request, scope);
        await admission.validator('CREATE')(object, old);
      },
    },
  );
  return respondObject(request, scope, created ? 201 : 200, object, mediaType, view);
}

/** Rejects with 400 for an object that is not the one of the URL. Models handlers/rest.go checkName. */
export function checkName({ metadata }: KubeObject, name: string, namespace: string): void {
  const { name: objectName = '', namespace: objectNamespace = '' } = metadata;
  if (objectName === '') {
    throw badRequestError(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (objectName !== name) {
    throw badRequestError(
      `the name of the object (${objectName}) does not match the name on the URL (${name})`,
    );
  }
  if (namespace !== '' && objectNamespace !== '' && objectNamespace !== namespace) {
    throw badRequestError(
      `the namespace of the object (${objectNamespace}) does not match the namespace on the request (${namespace})`,
    );
  }
}

/** An update that creates needs the permission to create. Models handlers/create.go withAuthorization. */
export async function authorizeCreate(request: ServerRequest, scope: StoredWriteScope): Promise<void> {
  const attributes = { ...attributesOf(request), verb: 'create' };
  const { decision, reason } = await scope.services.authorizer.authorize(attributes);
  if (decision === 'allow') return;
  throw forbiddenError(scope.definition, request.info.name, reason);
}
