import { mayLeave } from './site-leaving.ts';

/** A page that stays open asks this often, at most, whether there is a newer build. */
const ASK_AGAIN = 60 * 60_000;

/** The service worker that keeps the site, and what it says of newer builds. */
export class SiteUpdate {
  readonly #onReady: () => void;
  readonly #until = new AbortController();
  #registration: ServiceWorkerRegistration | undefined;
  #asked = 0;

  /** `onReady` is told when a newer build stands ready to be opened. */
  constructor(onReady: () => void) {
    this.#onReady = onReady;
  }

  /** Registers the worker. A browser without one, or one that refuses it, has the site without offline use. */
  async start(script: string, now: () => number): Promise<void> {
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    if (workers === undefined) return;
    try {
      this.#registration = await workers.register(script, { updateViaCache: 'none' });
    } catch {
      return;
    }
    const { signal } = this.#until;
    if (signal.aborted) return;
    this.#asked = now();
    this.#registration.addEventListener('updatefound', () => this.#follow(), { signal });
    this.#follow();
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.visibilityState !== 'visible' || now() - this.#asked < ASK_AGAIN) return;
        this.#asked = now();
        this.#registration?.update().catch(() => {});
      },
      { signal },
    );
    const { active } = await workers.ready;
    active?.postMessage({ type: 'tidy' });
  }

  /** Opens the newer build in this tab. False if something that runs would be lost: then nothing happens. */
  reopen(): boolean {
    if (!mayLeave()) return false;
    const waiting = this.#registration?.waiting;
    if (waiting == null) {
      window.location.reload();
      return true;
    }
    navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), {
      once: true,
    });
    waiting.postMessage({ type: 'activate' });
    return true;
  }

  stop(): void {
    this.#until.abort();
  }

  /** The first build of all has nothing to take the place of. */
  #follow(): void {
    const { active, installing, waiting } = this.#registration!;
    if (active === null) return;
    if (waiting !== null) this.#onReady();
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && !this.#until.signal.aborted) this.#onReady();
    });
  }
}
