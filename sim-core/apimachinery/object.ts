/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON value that nobody may change: what caches and watches hand out. */
export type JsonObject = { [key: string]: Json };

/** Models k8s.io/apimachinery/pkg/apis/meta/v1 OwnerReference. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Models k8s.io/apimachinery/pkg/apis/meta/v1 ObjectMeta. Times are RFC 3339 texts. */
export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: Json[];
}

/** Models k8s.io/apimachinery/pkg/apis/meta/v1 ListMeta. */
export interface ListMeta {
  resourceVersion?: string;
  continue?: string;
  remainingItemCount?: number;
}

/** Any API object. Kinds with known fields are typed by the package kubernetes-types. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the fields of a kind are known to its strategy only
  [field: string]: any;
}

export interface KubeList<T = KubeObject> {
  apiVersion: string;
  kind: string;
  metadata: ListMeta;
  items: T[];
}

/** Models k8s.io/apimachinery/pkg/runtime/schema. The core group is "". */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}
export interface GroupVersionKind extends GroupVersion {
  readonly kind: string;
}
export interface GroupVersionResource extends GroupVersion {
  readonly resource: string;
}
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** "apps/v1", or "v1" for the core group. */
export function apiVersionOf({ group, version }: GroupVersion): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The inverse of {@link apiVersionOf}. */
export function parseApiVersion(apiVersion: string): GroupVersion {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** "deployments.apps", or "pods" for the core group, as it stands in messages. */
export function groupResourceText({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** Seconds-precise RFC 3339 as metav1.Time prints it. */
export function formatTime(instant: number): string {
  return `${secondsText(instant)}Z`;
}

/** Microsecond-precise RFC 3339 as metav1.MicroTime prints it. */
export function formatMicroTime(instant: number): string {
  const milliseconds = Math.floor(instant - Math.floor(instant / 1000) * 1000);
  return `${secondsText(instant)}.${String(milliseconds).padStart(3, '0')}000Z`;
}

const DAY_MS = 86_400_000;
/** The day of the last time that was printed, and its text: "2026-11-23T". */
let day = NaN;
let dayText = '';

/** "2026-11-23T17:01:13". */
function secondsText(instant: number): string {
  const today = Math.floor(instant / DAY_MS);
  if (today !== day) {
    dayText = new Date(today * DAY_MS).toISOString().slice(0, -'00:00:00.000Z'.length);
    day = today;
  }
  const seconds = Math.floor((instant - today * DAY_MS) / 1000);
  return `${dayText}${TWO_DIGITS[Math.floor(seconds / 3600)]}:${TWO_DIGITS[Math.floor(seconds / 60) % 60]}:${TWO_DIGITS[seconds % 60]}`;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
