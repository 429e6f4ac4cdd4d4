import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Who may import whom: each room of the simulator, and the rooms that its code may import from.
 * A room is a folder; a longer path wins over a shorter one. "*" means every room.
 * Only tests import testing/.
 */
const MAY_IMPORT = {
  'sim-core/clock': [],
  'sim-core/crypto': ['clock'],
  'sim-core/apimachinery': ['clock', 'crypto'],
  'sim-core/etcd': ['clock', 'apimachinery'],
  'sim-core/cri': ['clock', 'apimachinery', 'crypto', 'node'],
  'sim-core/node': ['clock', 'apimachinery', 'crypto'],
  'sim-core/client-go': ['clock', 'apimachinery'],
  'sim-core/apiserver': ['clock', 'apimachinery', 'crypto', 'client-go', 'etcd/clientv3'],
  'sim-core/scheduler': ['clock', 'apimachinery', 'client-go'],
  'sim-core/controller': ['clock', 'apimachinery', 'client-go', 'crypto'],
  'sim-core/kubelet': ['clock', 'apimachinery', 'client-go', 'cri', 'node'],
  'sim-core/shell': ['clock', 'apimachinery', 'crypto', 'node'],
  'sim-core/kubectl': ['clock', 'apimachinery', 'client-go', 'crypto', 'shell', 'node'],
  'sim-core/etcdctl': ['clock', 'apimachinery', 'crypto', 'etcd/clientv3', 'shell', 'node'],
  'sim-core/etcdutl': ['clock', 'apimachinery', 'etcd', 'etcdctl', 'shell', 'node'],
  'sim-core/crictl': ['clock', 'apimachinery', 'cri', 'shell', 'node'],
  'sim-core/cluster': ['*'],
  'sim-core/cli': [
    'cluster',
    'clock',
    'node',
    'shell',
    'apimachinery',
    'crypto',
    'etcd/clientv3',
    'index.ts',
  ],
};

/** Folders of the site and what they may not reach. */
const SITE_ZONES = [
  {
    target: './src/components',
    from: ['./src/worker', './sim-core'],
    except: ['./protocol.ts'],
    message: 'Components talk to the lab through src/client.',
  },
  {
    target: './src/worker',
    from: ['./src/components', './src/client', './src/theme', './node_modules/react'],
    message: 'The worker knows no page.',
  },
  {
    target: './src/labs/**/!(*.test).ts',
    from: ['./src/worker', './src/components', './src/client', './src/theme', './sim-core'],
    message: 'A scenario is data: page and worker load it.',
  },
];

/** Zones for the lint rule import-x/no-restricted-paths, made from the table above. */
export function importZones(root) {
  const rooms = readdirSync(join(root, 'sim-core'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => entry.name);
  const zones = [];
  for (const room of rooms) {
    if (room === 'testing') continue;
    const allowed = MAY_IMPORT[`sim-core/${room}`];
    if (allowed === undefined) throw new Error(`tools/import-boundaries.mjs has no row for sim-core/${room}`);
    if (allowed.includes('*')) continue;
    const target = [`./sim-core/${room}/**/!(*.test).ts`];
    for (const other of rooms) {
      if (other === room || allowed.includes(other)) continue;
      const inner = allowed.filter((path) => path.startsWith(`${other}/`));
      zones.push({
        target,
        from: `./sim-core/${other}`,
        ...(inner.length > 0 && { except: inner.map((path) => `./${path.slice(other.length + 1)}`) }),
        message: `sim-core/${room} may import ${allowed.join(', ') || 'nothing'} only.`,
      });
    }
  }
  // Inside the apiserver, one room alone talks to etcd.
  const storage = './sim-core/apiserver/storage/etcd3';
  for (const inner of readdirSync(join(root, 'sim-core/apiserver'), { withFileTypes: true })) {
    if (!inner.isDirectory()) continue;
    const paths =
      inner.name === 'storage'
        ? readdirSync(join(root, 'sim-core/apiserver/storage'), { withFileTypes: true })
            .filter((entry) => entry.isDirectory())
            .map((entry) => `./sim-core/apiserver/storage/${entry.name}`)
        : [`./sim-core/apiserver/${inner.name}`];
    for (const path of paths) {
      if (path === storage) continue;
      zones.push({
        target: `${path}/**/!(*.test).ts`,
        from: './sim-core/etcd',
        message: 'Only apiserver/storage/etcd3 talks to etcd.',
      });
    }
  }
  for (const zone of SITE_ZONES) {
    for (const from of zone.from) zones.push({ target: zone.target, from, message: zone.message });
  }
  zones.push({
    target: './src',
    from: './sim-core',
    except: ['./index.ts', './cluster/manifest-kinds.ts'],
    message: 'The site uses sim-core through what its package exports.',
  });
  return zones;
}
