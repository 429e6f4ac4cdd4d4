/** The panels of the full-screen lab. */
const PANELS = ['problem', 'cluster', 'etcd', 'events', 'replay', 'history'] as const;
export type PanelId = (typeof PANELS)[number] | 'terminal';

/** A place in the lab that a link leads to: "#lab/etcd?key=/registry/pods/default/web&rev=432". */
export interface LabPlace {
  readonly panel: PanelId;
  readonly key?: string;
  readonly revision?: number;
  /** Which step of a replay, from 1. */
  readonly step?: number;
}

const PLACE = '#lab/';
/** Begins the fragment of a link that carries a lab; share-link.ts reads it. */
export const SHARED = '#lab=';

/** The place that a fragment leads to; undefined if it leads to none. */
export function parsePlace(fragment: string): LabPlace | undefined {
  if (!fragment.startsWith(PLACE)) return undefined;
  const [name, query = ''] = fragment.slice(PLACE.length).split('?', 2);
  const panel = name === 'terminal' ? name : PANELS.find((known) => known === name);
  if (panel === undefined) return undefined;
  const parameters = new URLSearchParams(query);
  const key = parameters.get('key');
  const revision = positive(parameters.get('rev'));
  const step = positive(parameters.get('step'));
  return {
    panel,
    ...(key !== null && { key }),
    ...(revision !== undefined && { revision }),
    ...(step !== undefined && { step }),
  };
}

/** The fragment that leads to a place. */
export function formatPlace({ panel, key, revision, step }: LabPlace): string {
  const parameters = new URLSearchParams();
  if (key !== undefined) parameters.set('key', key);
  if (revision !== undefined) parameters.set('rev', String(revision));
  if (step !== undefined) parameters.set('step', String(step));
  // Slashes may stand in a fragment as they are, and keys are full of them.
  const query = parameters.toString().replaceAll('%2F', '/');
  return `${PLACE}${panel}${query === '' ? '' : `?${query}`}`;
}

function positive(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
