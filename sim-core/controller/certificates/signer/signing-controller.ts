import type { CertificateSigningRequest } from 'kubernetes-types/certificates/v1';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../../client-go/util/workqueue/queue.ts';
import { controllerRateLimiter } from '../../../client-go/util/workqueue/rate-limiter.ts';
import { runWorkers } from '../../../client-go/util/workqueue/run-workers.ts';
import { encodeBase64 } from '../../../crypto/encoding/base64.ts';
import { encodeUtf8 } from '../../../crypto/encoding/utf8.ts';
import { CertificateError } from '../../../crypto/x509/certificate.ts';
import type { CertificateRequest } from '../../../crypto/x509/certificate-request.ts';
import type { Controller, ControllerContext } from '../../controller-context.ts';
import {
  clientUsagesFault,
  hasCondition,
  KUBE_API_SERVER_CLIENT,
  KUBE_API_SERVER_CLIENT_KUBELET,
  KUBELET_SERVING,
  kubeletClientFault,
  kubeletServingFault,
  LEGACY_UNKNOWN,
  requestOf,
  BACKOFF,
  MAX_BACKOFF,
} from '../request.ts';

/** Signs for the cluster's authority. */
export interface CertificateSigner {
  /** The certificate as PEM text, good from `now` for `duration` (milliseconds). */
  sign(
    request: CertificateRequest,
    usages: readonly string[],
    now: number,
    duration: number,
  ): Promise<string>;
}

type Check = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

/** --cluster-signing-duration. */
const SIGNING_DURATION_MS = 365 * 24 * 3600_000;

/** What each signer asks of a request. Models the isRequestForSignerFn of pkg/controller/certificates/signer. */
const SIGNERS: Readonly<Record<string, Check>> = {
  [KUBELET_SERVING]: kubeletServingFault,
  [KUBE_API_SERVER_CLIENT_KUBELET]: kubeletClientFault,
  [KUBE_API_SERVER_CLIENT]: (_, usages) => clientUsagesFault(usages),
  [LEGACY_UNKNOWN]: () => undefined,
};

/** Signs what was approved. Models pkg/controller/certificates/signer CSRSigningController. */
export class CsrSigningController implements Controller {
  readonly #context: ControllerContext;
  readonly #signer: CertificateSigner;
  readonly #queue: WorkQueue;
  readonly #requests: Lister<CertificateSigningRequest>;

  constructor(context: ControllerContext, signer: CertificateSigner) {
    this.#context = context;
    this.#signer = signer;
    const limiter = controllerRateLimiter(context.clock, BACKOFF, MAX_BACKOFF);
    this.#queue = new WorkQueue(context.clock, context.context, limiter);
    const requests = context.informers.for<CertificateSigningRequest>(RESOURCES.certificateSigningRequests);
    this.#requests = requests.lister;
    const onRequest = ({ metadata }: CertificateSigningRequest) => this.#queue.add(metadata!.name!);
    requests.addHandler({ onAdd: onRequest, onUpdate: (_, request) => onRequest(request) });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, 5, (name) => this.#sync(name));
  }

  async #sync(name: string): Promise<void> {
    const request = this.#requests.getByKey(name);
    if (request === undefined || request.status?.certificate) return;
    if (
      !hasCondition(request, 'Approved') ||
      hasCondition(request, 'Denied') ||
      hasCondition(request, 'Failed')
    ) {
      return;
    }
    const check = SIGNERS[request.spec.signerName];
    if (check === undefined) return;
    const status = await this.#signed(request, check);
    const body = { ...request, status: { ...request.status, ...status } } as { metadata: { name: string } };
    await this.#context.client.update(RESOURCES.certificateSigningRequests, body, { subresource: 'status' });
  }

  async #signed(request: CertificateSigningRequest, check: Check): Promise<object> {
    const failed = (message: string) => ({
      conditions: [
        ...(request.status?.conditions ?? []),
        { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message },
      ],
    });
    try {
      const asked = requestOf(request);
      const { usages = [], expirationSeconds } = request.spec;
      const fault = check(asked, usages);
      if (fault !== undefined) return failed(fault);
      const duration = Math.min((expirationSeconds ?? Infinity) * 1000, SIGNING_DURATION_MS);
      const pem = await this.#signer.sign(asked, usages, this.#context.clock.now(), duration);
      return { certificate: encodeBase64(encodeUtf8(pem)) };
    } catch (error) {
      if (error instanceof CertificateError) return failed(error.message);
      throw error;
    }
  }
}
