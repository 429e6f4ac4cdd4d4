import type { CertificateSigningRequest } from 'kubernetes-types/certificates/v1';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../../client-go/tools/cache/store.ts';
import type { Controller, ControllerContext } from '../../controller-context.ts';
import { isServerError } from '../../util/pod-control.ts';
import { hasCondition } from '../request.ts';

const HOUR = 3_600_000;
const POLLING_INTERVAL = HOUR;
const DECIDED_EXPIRATION = HOUR;
const PENDING_EXPIRATION = 24 * HOUR;

/** Deletes old signing requests: decided ones after an hour, others after a day. Models pkg/controller/certificates/cleaner. */
export class CsrCleanerController implements Controller {
  readonly #context: ControllerContext;
  readonly #requests: Lister<CertificateSigningRequest>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#requests = context.informers.for<CertificateSigningRequest>(
      RESOURCES.certificateSigningRequests,
    ).lister;
  }

  async run(): Promise<void> {
    const { client, clock, context } = this.#context;
    while (!context.cancelled) {
      for (const request of this.#requests.list()) {
        if (!isExpired(request, clock.now())) continue;
        try {
          await client.delete(RESOURCES.certificateSigningRequests, request.metadata!.name!);
        } catch (error) {
          if (!isServerError(error)) throw error;
        }
      }
      await clock.sleep(POLLING_INTERVAL, { periodic: true, context });
    }
  }
}

function isExpired(request: CertificateSigningRequest, now: number): boolean {
  const isOlder = (time: string | undefined, age: number) =>
    time !== undefined && Date.parse(time) + age < now;
  const decided = ['Approved', 'Denied', 'Failed'] as const;
  if (!decided.some((type) => hasCondition(request, type))) {
    return isOlder(request.metadata!.creationTimestamp, PENDING_EXPIRATION);
  }
  return (request.status?.conditions ?? []).some(({ lastUpdateTime }) =>
    isOlder(lastUpdateTime, DECIDED_EXPIRATION),
  );
}
