import { deepCopy } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { conflictError } from '../../../apimachinery/status.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { lazyStrategy } from '../../registry/lazy-strategy.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { UpdateStrategy } from '../../registry/rest/strategy.ts';
import type { StoreHooks } from '../../registry/rest/subresource.ts';
import { rowsOf } from '../../registry/row.ts';
import type { CustomResourceDefinition } from '../types.ts';
import { CLEANUP_FINALIZER, CRDS, hasRules, NO_VERSIONS } from '../types.ts';
import { setCondition } from './conditions.ts';

/** Validation is large: it is fetched when the first definition is written. */
const strategies = new LazyModule(() => import('./strategy.ts'));
/** So are rules, when a schema has some. */
const rules = new LazyModule(() => import('../cel/rules.ts'));

/** Models apis/apiextensions/v1/defaults.go. */
function fillDefaults(object: KubeObject): void {
  const crd = object as CustomResourceDefinition;
  crd.spec ??= { group: '', names: { plural: '', kind: '' }, scope: '', versions: NO_VERSIONS };
  const spec = crd.spec as {
    -readonly [K in keyof CustomResourceDefinition['spec']]: CustomResourceDefinition['spec'][K];
  };
  spec.names ??= { plural: '', kind: '' };
  spec.versions ??= NO_VERSIONS;
  const { names } = spec;
  if (!names.singular) names.singular = (names.kind ?? '').toLowerCase();
  if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
  spec.conversion ??= { strategy: 'None' };
  const { webhook } = spec.conversion;
  // The internal form has no place for a webhook that says nothing.
  if (
    webhook !== undefined &&
    webhook.clientConfig === undefined &&
    (webhook.conversionReviewVersions ?? []).length === 0
  ) {
    delete (spec.conversion as { webhook?: object }).webhook;
  }
  const service = spec.conversion.webhook?.clientConfig?.service as { port?: number } | undefined;
  if (service !== undefined) service.port ??= 443;
  if (spec.preserveUnknownFields === false) delete spec.preserveUnknownFields;
  crd.status ??= { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null };
  const { status } = crd;
  status.conditions ??= null;
  status.acceptedNames ??= { plural: '', kind: '' };
  status.acceptedNames.plural ??= '';
  status.acceptedNames.kind ??= '';
  status.storedVersions ??= null;
  if (status.storedVersions === null || status.storedVersions.length === 0) {
    const stored = spec.versions.find(({ storage }) => storage);
    if (stored !== undefined) status.storedVersions = [stored.name];
  }
}

const definitionStrategy = lazyStrategy(
  strategies,
  ({ strategyWith }) => strategyWith((...part) => rules.loaded.checkRules(...part)),
  { allowUnconditionalUpdate: false, fillDefaults },
);

export const definitionStatusStrategy: UpdateStrategy = {
  needs: [strategies],
  allowUnconditionalUpdate: false,
  fillDefaults,
  prepareForUpdate(object, old) {
    object['spec'] = old['spec'];
  },
  validateUpdate: (object) => strategies.loaded.validateStatusUpdate(object),
};

const hooks: StoreHooks = {
  async beginCreate(object, context) {
    if (hasRules(object)) await rules.load(context.services.clock);
    return undefined;
  },
  async beginUpdate(object, _old, context) {
    if (hasRules(object)) await rules.load(context.services.clock);
    return undefined;
  },
  /**
   * A definition is first marked; it goes when its objects are gone.
   * Models pkg/registry/customresourcedefinition/etcd.go Delete.
   */
  async delete(options, context, proceed) {
    const current = await context.store.get(context.name, context);
    const { uid, resourceVersion } = options.preconditions ?? {};
    const refuse = (what: string, wanted: string, found: string | undefined) =>
      conflictError(
        CRDS,
        context.name,
        `precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`,
      );
    if (uid !== undefined && uid !== current.metadata.uid) throw refuse('UID', uid, current.metadata.uid);
    if (resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion) {
      throw refuse('ResourceVersion', resourceVersion, current.metadata.resourceVersion);
    }
    if (current.metadata.deletionTimestamp !== undefined) return proceed();
    await context.validate(current, undefined);
    const object = await context.store.guaranteedUpdate(
      context.name,
      (stored) => {
        const crd = deepCopy(stored) as CustomResourceDefinition;
        crd.metadata.deletionTimestamp ??= formatTime(context.now);
        const finalizers = crd.metadata.finalizers ?? [];
        if (!finalizers.includes(CLEANUP_FINALIZER))
          crd.metadata.finalizers = [...finalizers, CLEANUP_FINALIZER];
        setCondition(
          crd,
          {
            type: 'Terminating',
            status: 'True',
            reason: 'InstanceDeletionPending',
            message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
          },
          context.now,
        );
        return crd;
      },
      context,
    );
    return { object, deleted: false };
  },
};

/** Models k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition. */
export const apiextensionsResources: readonly ResourceDefinition[] = [
  rowsOf(
    'apiextensions.k8s.io',
    'v1',
    'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  )({
    kind: 'CustomResourceDefinition',
    hashedAs: { group: 'apiextensions.k8s.io', version: 'v1beta1' },
    resource: 'customresourcedefinitions',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    namespaced: false,
    storagePrefix: 'apiextensions.k8s.io/customresourcedefinitions',
    strategy: definitionStrategy,
    status: definitionStatusStrategy,
    hooks,
  }),
];
