import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { DESCRIBERS } from './describers.ts';
import { describeEvents, eventsOf } from './events.ts';
import { describeAnything } from './generic.ts';
import { DescribeWriter } from './writer.ts';

/** The text that describe prints for an object. Models pkg/describe DescriberFor and Describe. */
export async function describeKind(
  object: KubeObject,
  mapping: RestMapping,
  invocation: Invocation,
  showEvents: boolean,
): Promise<string> {
  const writer = new DescribeWriter(invocation.environment.clock.now());
  const entry = DESCRIBERS[`${mapping.group}/${mapping.kind}`] ?? {
    describe: describeAnything,
    withEvents: true,
  };
  await entry.describe(object, writer, invocation);
  if (entry.withEvents && showEvents) {
    describeEvents(await eventsOf(invocation.factory.client(), object), writer);
  }
  return writer.text();
}
