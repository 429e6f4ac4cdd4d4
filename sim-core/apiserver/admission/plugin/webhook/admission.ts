import { LazyModule } from '../../../../clock/lazy-module.ts';
import type { Webhook, WebhookConfiguration } from '../../../registry/admissionregistration/types.ts';
import type { ServerServices } from '../../../registry/rest/server-services.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../../plugin.ts';
import { isExempt } from '../matching.ts';
import type { WebhookDispatcher } from './dispatcher.ts';

const GROUP = 'admissionregistration.k8s.io';

/** One webhook of a configuration. */
export interface WebhookHook {
  readonly configuration: WebhookConfiguration;
  readonly webhook: Webhook;
  /** Tells webhooks apart whose names are alike. */
  readonly uid: string;
}

/** What both kinds of webhook plugins share: the dispatcher is fetched when there is a webhook. */
class WebhookPlugin {
  readonly #services: ServerServices;
  readonly #resource: { readonly group: string; readonly resource: string };
  readonly #module = new LazyModule(() => import('./dispatcher.ts'));
  #dispatcher: WebhookDispatcher | undefined;

  constructor(services: ServerServices, resource: string) {
    this.#services = services;
    this.#resource = { group: GROUP, resource };
  }

  handles(): boolean {
    return true;
  }

  applies(attributes: AdmissionAttributes): boolean | Promise<boolean> {
    return !isExempt(attributes) && this.#services.reader.has(this.#resource);
  }

  /** The webhooks of all configurations by name. */
  protected async hooks(): Promise<readonly WebhookHook[]> {
    const configurations = (await this.#services.reader.list(
      this.#resource,
    )) as readonly WebhookConfiguration[];
    return configurations.flatMap((configuration) =>
      (configuration.webhooks ?? []).map((webhook, index) => ({
        configuration,
        webhook,
        uid: `${configuration.metadata.name!}/${webhook.name}/${index}`,
      })),
    );
  }

  /** Who calls them. */
  protected async dispatcher(): Promise<WebhookDispatcher> {
    this.#dispatcher ??= new (await this.#module.load(this.#services.clock)).WebhookDispatcher(
      this.#services,
    );
    return this.#dispatcher;
  }
}

/** Models k8s.io/apiserver/pkg/admission/plugin/webhook/mutating/plugin.go. */
export class MutatingAdmissionWebhook extends WebhookPlugin implements AdmissionPlugin {
  readonly name = 'MutatingAdmissionWebhook';

  constructor(services: ServerServices) {
    super(services, 'mutatingwebhookconfigurations');
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    await (await this.dispatcher()).mutate(attributes, await this.hooks());
  }
}

/** Models k8s.io/apiserver/pkg/admission/plugin/webhook/validating/plugin.go. */
export class ValidatingAdmissionWebhook extends WebhookPlugin implements AdmissionPlugin {
  readonly name = 'ValidatingAdmissionWebhook';

  constructor(services: ServerServices) {
    super(services, 'validatingwebhookconfigurations');
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    await (await this.dispatcher()).validate(attributes, await this.hooks());
  }
}
