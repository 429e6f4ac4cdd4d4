import { describe, expect, test } from 'vitest';
import type { RequestTraceEvent } from '../../apimachinery/trace.ts';
import { attributesOf } from '../../testing/admission.ts';
import { AdmissionChain } from './chain.ts';
import type { AdmissionPlugin } from './plugin.ts';

describe('AdmissionChain', () => {
  const asked: string[] = [];
  const plugin = (name: string, more: Partial<AdmissionPlugin>): AdmissionPlugin => ({
    name,
    handles: () => true,
    admit: () => {
      asked.push(name);
      return Promise.resolve();
    },
    ...more,
  });
  const admit = async (what: string, ...plugins: AdmissionPlugin[]) => {
    const [resource, subresource = ''] = what.split('/') as [string, string?];
    asked.length = 0;
    const events: RequestTraceEvent[] = [];
    const object = { metadata: { name: 'a', labels: { from: 'nobody' } } };
    await new AdmissionChain(plugins).admit(attributesOf({ resource, subresource, object }), (event) =>
      events.push(event),
    );
    return events.map((event) => (event.type === 'admission' ? [event.plugin, event.patch.length] : event));
  };

  test('passes plugins that have nothing to do with the resource, and still tells their verdict', async () => {
    const ofPods = plugin('OfPods', { resources: ['/pods'] });
    expect(await admit('leases', ofPods, plugin('OfAll', {}))).toEqual([
      ['OfPods', 0],
      ['OfAll', 0],
    ]);
    expect(asked).toEqual(['OfAll']);
    await admit('pods', ofPods);
    expect(asked).toEqual(['OfPods']);
  });

  test('asks plugins about those subresources alone that they name', async () => {
    const plugins = [
      plugin('OfPods', { resources: ['/pods'] }),
      plugin('OfBindings', { resources: ['/pods', '/pods/binding'] }),
      plugin('OfAny', { resources: ['/pods/*'] }),
    ];
    await admit('pods/binding', ...plugins);
    expect(asked).toEqual(['OfBindings', 'OfAny']);
    await admit('pods', ...plugins);
    expect(asked).toEqual(['OfPods', 'OfBindings']);
  });

  test('passes plugins that say that they do not apply', async () => {
    const idle = plugin('Idle', { applies: () => Promise.resolve(false) });
    expect(await admit('pods', idle)).toEqual([['Idle', 0]]);
    expect(asked).toEqual([]);
  });

  test('tells what each plugin changed, compared with what the one before it left', async () => {
    const labels = (name: string) =>
      plugin(name, {
        admit: ({ object }) => {
          object!.metadata.labels = { ...object!.metadata.labels, from: name };
          return Promise.resolve();
        },
      });
    const looks = plugin('Looks', { mutates: false });
    expect(await admit('pods', labels('One'), looks, labels('Two'), labels('Two'))).toEqual([
      ['One', 1],
      ['Looks', 0],
      ['Two', 1],
      ['Two', 0],
    ]);
  });
});
