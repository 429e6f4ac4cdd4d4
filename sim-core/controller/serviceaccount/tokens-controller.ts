import type { Secret, ServiceAccount } from 'kubernetes-types/core/v1';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { keyOf, type Lister } from '../../client-go/tools/cache/store.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import { encodeBase64 } from '../../crypto/encoding/base64.ts';
import { encodeUtf8 } from '../../crypto/encoding/utf8.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';

const WORKERS = 5;
const TYPE = 'kubernetes.io/service-account-token';
const NAME = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';

/** Signs the tokens that lie in secrets. Models pkg/serviceaccount TokenGenerator with LegacyClaims. */
export interface TokenSigner {
  sign(account: { namespace: string; name: string; uid: string }, secret: string): string;
}

/**
 * Fills secrets of the type service-account-token, and deletes those whose account is gone.
 * Models pkg/controller/serviceaccount TokensController.
 */
export class TokensController implements Controller {
  readonly #context: ControllerContext;
  readonly #signer: TokenSigner;
  readonly #rootCa: string;
  readonly #queue: WorkQueue;
  readonly #accounts: Lister<ServiceAccount>;
  readonly #secrets: Lister<Secret>;

  /** `rootCa` is PEM text. */
  constructor(context: ControllerContext, signer: TokenSigner, rootCa: string) {
    this.#context = context;
    this.#signer = signer;
    this.#rootCa = rootCa;
    this.#queue = new WorkQueue(context.clock, context.context);
    const accounts = context.informers.for<ServiceAccount>(RESOURCES.serviceAccounts);
    const secrets = context.informers.for<Secret>(RESOURCES.secrets);
    this.#accounts = accounts.lister;
    this.#secrets = secrets.lister;
    const onSecret = (secret: Secret) => {
      if (isToken(secret)) this.#queue.add(keyOf(secret));
    };
    secrets.addHandler({ onAdd: onSecret, onUpdate: (_, secret) => onSecret(secret) });
    accounts.addHandler({
      onDelete: ({ metadata }) => {
        for (const secret of this.#secrets.list(metadata!.namespace)) {
          if (isToken(secret) && isTokenOf(secret, metadata!)) this.#queue.add(keyOf(secret));
        }
      },
    });
  }

  run(): Promise<void> {
    return runWorkers(this.#queue, WORKERS, (key) => this.#sync(key));
  }

  async #sync(key: string): Promise<void> {
    const secret = this.#secrets.getByKey(key);
    if (secret === undefined) return;
    const account = await this.#accountOf(secret);
    if (account === undefined) await this.#delete(secret);
    else if (this.#lacks(secret, account)) await this.#fill(secret, account);
  }

  /** Asks the server if the cache knows no such account. */
  async #accountOf(secret: Secret): Promise<ServiceAccount | undefined> {
    const { namespace, annotations } = secret.metadata!;
    const name = annotations![NAME]!;
    const known = this.#accounts.get(namespace!, name);
    if (known !== undefined && isTokenOf(secret, known.metadata!)) return known;
    try {
      const live = await this.#context.client.get<ServiceAccount>(RESOURCES.serviceAccounts, name, {
        namespace,
      });
      return isTokenOf(secret, live.metadata!) ? live : undefined;
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  async #delete({ metadata }: Secret): Promise<void> {
    const { namespace, name, uid } = metadata!;
    try {
      await this.#context.client.delete(RESOURCES.secrets, name!, {
        namespace,
        preconditions: { uid: uid! },
      });
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    }
  }

  #lacks(secret: Secret, account: ServiceAccount): boolean {
    return Object.keys(this.#missing(secret, account)).length > 0;
  }

  /** Models secretUpdateNeeded. */
  #missing({ metadata, data = {} }: Secret, account: ServiceAccount): Record<string, string> {
    const namespace = metadata!.namespace!;
    const rootCa = encode(this.#rootCa);
    const { name, uid } = account.metadata!;
    return {
      ...(data['ca.crt'] !== rootCa && { 'ca.crt': rootCa }),
      ...(!data['namespace'] && { namespace: encode(namespace) }),
      ...(!data['token'] && {
        token: encode(this.#signer.sign({ namespace, name: name!, uid: uid! }, metadata!.name!)),
      }),
    };
  }

  /** Models generateTokenIfNeeded. */
  async #fill(cached: Secret, account: ServiceAccount): Promise<void> {
    const { client } = this.#context;
    const { namespace, name, resourceVersion } = cached.metadata!;
    try {
      const live = await client.get<Secret>(RESOURCES.secrets, name!, { namespace });
      // A newer one comes with an event of its own.
      if (live.metadata!.resourceVersion !== resourceVersion) return;
      const annotations = {
        ...live.metadata!.annotations,
        [NAME]: account.metadata!.name!,
        [UID]: account.metadata!.uid!,
      };
      const body = {
        ...live,
        metadata: { ...live.metadata, name: name!, annotations },
        data: { ...live.data, ...this.#missing(live, account) },
      };
      await client.update(RESOURCES.secrets, body, { namespace });
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    }
  }
}

const encode = (text: string): string => encodeBase64(encodeUtf8(text));

const isToken = ({ type, metadata }: Secret): boolean =>
  type === TYPE && Boolean(metadata!.annotations?.[NAME]);

/** Models pkg/serviceaccount IsServiceAccountToken. */
function isTokenOf(
  { metadata }: Secret,
  account: { readonly name?: string; readonly uid?: string },
): boolean {
  const { [NAME]: name, [UID]: uid } = metadata!.annotations ?? {};
  return name === account.name && (!uid || uid === account.uid);
}
