import { unsignedComplaint } from '../../../apimachinery/go-numbers.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import type { ObjectMeta } from '../../../apimachinery/object.ts';
import { badRequestError, unknownError } from '../../../apimachinery/status.ts';

/** "" is 0. Rejects with Go's complaint, as 500. Models Versioner.ParseResourceVersion. */
export function parseResourceVersion(text: string): number {
  const complaint = versionComplaint(text);
  if (complaint !== undefined) throw unknownError(complaint);
  return Number(text);
}

/** The same as a 400, where the version goes to etcd. Models storage/etcd3 store.GetList. */
export function parseListedVersion(text: string): number {
  const complaint = versionComplaint(text);
  if (complaint !== undefined) throw badRequestError(`invalid resource version: ${complaint}`);
  return Number(text);
}

function versionComplaint(text: string): string | undefined {
  const complaint = text === '' ? undefined : unsignedComplaint(text);
  return complaint && `resourceVersion: Invalid value: ${goQuote(text)}: ${complaint}`;
}

/** The same complaint without the field, for a resource version inside of an object. */
export function parseObjectResourceVersion(text: string): void {
  const complaint = unsignedComplaint(text);
  if (complaint !== undefined) throw unknownError(complaint);
}

/** A new object has no version yet. Models storage.ErrResourceVersionSetOnCreate; other texts are not read. */
export function refuseResourceVersion({ resourceVersion = '' }: ObjectMeta): void {
  if (/^\d+$/.test(resourceVersion) && Number(resourceVersion) !== 0) {
    throw unknownError('resourceVersion should not be set on objects to be created');
  }
}
