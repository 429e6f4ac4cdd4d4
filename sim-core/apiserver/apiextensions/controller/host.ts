import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { Context } from '../../../clock/context.ts';
import type { GenericStore } from '../../registry/generic/store.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';

/** What custom resources need of the server that serves them. */
export interface CustomResourceHost {
  readonly clock: Clock;
  /** The server's life. */
  readonly context: Context;
  /** Of the definitions themselves. */
  readonly definitions: GenericStore;
  /** Records on `object` that the server itself made its status out of `live`. `now` is in milliseconds. */
  trackStatus(live: KubeObject, object: KubeObject, now: number): Promise<void>;
  /** Begins to serve; the stores and their watches end with `context`. */
  serve(definitions: readonly ResourceDefinition[], context: Context): readonly GenericStore[];
  /** Requests are no longer answered. */
  withdraw(definitions: readonly ResourceDefinition[]): void;
}
