import type { CertificateSigningRequest } from 'kubernetes-types/certificates/v1';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { Lister } from '../../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../../client-go/util/workqueue/queue.ts';
import { controllerRateLimiter } from '../../../client-go/util/workqueue/rate-limiter.ts';
import { RetryError, runWorkers } from '../../../client-go/util/workqueue/run-workers.ts';
import { CertificateError } from '../../../crypto/x509/certificate.ts';
import type { Controller, ControllerContext } from '../../controller-context.ts';
import {
  hasCondition,
  KUBE_API_SERVER_CLIENT_KUBELET,
  kubeletClientFault,
  requestOf,
  BACKOFF,
  MAX_BACKOFF,
} from '../request.ts';

/** Who may have what approved: of itself first, then of any node. Models csrRecognizers. */
const RECOGNIZERS = [
  {
    subresource: 'selfnodeclient',
    isSelf: true,
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
  },
  {
    subresource: 'nodeclient',
    isSelf: false,
    message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
  },
] as const;

/** Approves the client certificates of kubelets. Models pkg/controller/certificates/approver sarApprover. */
export class CsrApprovingController implements Controller {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #requests: Lister<CertificateSigningRequest>;

  constructor(context: ControllerContext) {
    this.#context = context;
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
    if (
      request === undefined ||
      request.status?.certificate ||
      request.spec.signerName !== KUBE_API_SERVER_CLIENT_KUBELET
    ) {
      return;
    }
    if (hasCondition(request, 'Approved') || hasCondition(request, 'Denied')) return;
    const names = commonNameOf(request);
    if (names === undefined) return;
    const tried: string[] = [];
    for (const { subresource, isSelf, message } of RECOGNIZERS) {
      if (isSelf && names !== request.spec.username) continue;
      tried.push(subresource);
      if (!(await this.#isAllowed(request, subresource))) continue;
      await this.#approve(request, message);
      return;
    }
    throw new RetryError(
      `recognized csr ${JSON.stringify(name)} as [${tried.join(' ')}] but subject access review was not approved`,
    );
  }

  async #isAllowed({ spec }: CertificateSigningRequest, subresource: string): Promise<boolean> {
    const { username, uid, groups, extra } = spec;
    const review = await this.#context.client.create<{ status: { allowed: boolean } }>(
      RESOURCES.subjectAccessReviews,
      {
        kind: 'SubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        spec: {
          user: username,
          ...(uid && { uid }),
          groups,
          ...(extra && { extra }),
          resourceAttributes: {
            group: 'certificates.k8s.io',
            resource: 'certificatesigningrequests',
            verb: 'create',
            version: '*',
            subresource,
          },
        },
      },
    );
    return review.status.allowed;
  }

  async #approve(request: CertificateSigningRequest, message: string): Promise<void> {
    const condition = { type: 'Approved', status: 'True', reason: 'AutoApproved', message };
    const status = { ...request.status, conditions: [...(request.status?.conditions ?? []), condition] };
    const body = { ...request, status } as { metadata: { name: string } };
    await this.#context.client.update(RESOURCES.certificateSigningRequests, body, {
      subresource: 'approval',
    });
  }
}

/** The node's name for itself, if the request is for a kubelet's client certificate. */
function commonNameOf(request: CertificateSigningRequest): string | undefined {
  try {
    const asked = requestOf(request);
    return kubeletClientFault(asked, request.spec.usages ?? []) === undefined
      ? asked.subject.commonName
      : undefined;
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}
