import type { CertificateSigningRequest } from 'kubernetes-types/certificates/v1';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../../client-go/tools/cache/store.ts';
import { decodeBase64 } from '../../../crypto/encoding/base64.ts';
import { decodePem } from '../../../crypto/encoding/pem.ts';
import { decodeUtf8 } from '../../../crypto/encoding/utf8.ts';
import { Certificate, CertificateError } from '../../../crypto/x509/certificate.ts';
import type { Controller, ControllerContext } from '../../controller-context.ts';
import { isServerError } from '../../util/pod-control.ts';

const HOUR = 3_600_000;
const POLLING_INTERVAL = HOUR;
const DECIDED_EXPIRATION = HOUR;
const PENDING_EXPIRATION = 24 * HOUR;

/** Deletes old signing requests: what is settled after an hour, what waits for somebody after a day. Models pkg/controller/certificates/cleaner. */
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

type Condition = NonNullable<NonNullable<CertificateSigningRequest['status']>['conditions']>[number];

/** Models the six rules of CSRCleanerController.handle. */
function isExpired({ metadata, status }: CertificateSigningRequest, now: number): boolean {
  const isOlder = (time: string | undefined, age: number) =>
    time !== undefined && Date.parse(time) + age < now;
  const { certificate, conditions = [] } = status ?? {};
  if (conditions.length === 0) return isOlder(metadata!.creationTimestamp, PENDING_EXPIRATION);
  const isOld = ({ type, lastUpdateTime }: Condition) => {
    if (type === 'Denied' || type === 'Failed') return isOlder(lastUpdateTime, DECIDED_EXPIRATION);
    if (type !== 'Approved') return false;
    // What nobody signs waits as long as what nobody approves.
    if (!certificate) return isOlder(lastUpdateTime, PENDING_EXPIRATION);
    return isOlder(lastUpdateTime, DECIDED_EXPIRATION) || now > lastInstantOf(certificate);
  };
  return conditions.some(isOld);
}

/** Until when an issued certificate is good; for ever if it is none that can be read. */
function lastInstantOf(certificate: string): number {
  const bytes = decodeBase64(certificate);
  const [block] = bytes === undefined ? [] : decodePem(decodeUtf8(bytes));
  if (block === undefined) return Infinity;
  try {
    return Certificate.parse(block.bytes).notAfter;
  } catch (error) {
    if (error instanceof CertificateError) return Infinity;
    throw error;
  }
}
