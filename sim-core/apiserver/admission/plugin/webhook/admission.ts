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

  /** The webhooks of all configurations by name, and who calls them; undefined if there is none. */
  protected async hooksFor(
    attributes: AdmissionAttributes,
  ): Promise<{ readonly hooks: readonly WebhookHook[]; readonly dispatcher: WebhookDispatcher } | undefined> {
    if (isExempt(attributes)) return undefined;
    const configurations = (await this.#services.reader.list(
      this.#resource,
    )) as readonly WebhookConfiguration[];
    const hooks = configurations.flatMap((configuration) =>
      (configuration.webhooks ?? []).map((webhook, index) => ({
        configuration,
        webhook,
        uid: `${configuration.metadata.name!}/${webhook.name}/${index}`,
      })),
    );
    if (hooks.length === 0) return undefined;
    this.#dispatcher ??= new (await this.#module.load(this.#services.clock)).WebhookDispatcher(
      this.#services,
    );
    return { hooks, dispatcher: this.#dispatcher };
  }
}

/** Models k8s.io/apiserver/pkg/admission/plugin/webhook/mutating/plugin.go. */
export class MutatingAdmissionWebhook extends WebhookPlugin implements AdmissionPlugin {
  readonly name = 'MutatingAdmissionWebhook';

  constructor(services: ServerServices) {
    super(services, 'mutatingwebhookconfigurations');
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const found = await this.hooksFor(attributes);
    await found?.dispatcher.mutate(attributes, found.hooks);
  }
}

/** Models k8s.io/apiserver/pkg/admission/plugin/webhook/validating/plugin.go. */
export class ValidatingAdmissionWebhook extends WebhookPlugin implements AdmissionPlugin {
  readonly name = 'ValidatingAdmissionWebhook';

  constructor(services: ServerServices) {
    super(services, 'validatingwebhookconfigurations');
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const found = await this.hooksFor(attributes);
    await found?.dispatcher.validate(attributes, found.hooks);
  }
}
