import { randomSuffix } from '../../util/random-suffix.ts';
import type { Creator } from './create.ts';
import { MAPPINGS } from './mappings.ts';

/** Models pkg/cmd/create/create_deployment.go. */
export const deployment: Creator = {
  name: 'deployment',
  aliases: ['deploy'],
  use: 'NAME --image=image -- [COMMAND] [args...] [options]',
  short: 'Create a deployment with the specified name',
  mapping: MAPPINGS.deployment,
  failure: 'failed to create deployment: ',
  flags: [
    { name: 'image', type: 'stringSlice', required: true },
    { name: 'port', type: 'int', default: '-1' },
    { name: 'replicas', shorthand: 'r', type: 'int', default: '1' },
  ],
  build(name, { args, flags }, invocation) {
    const images = flags.list('image');
    const command = args.slice(1);
    if (images.length > 1 && command.length > 0) {
      throw new Error('cannot specify multiple --image options and command');
    }
    const labels = { app: name };
    const port = flags.number('port');
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { labels, name },
      spec: {
        replicas: flags.number('replicas'),
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: images.map((image, index) => ({
              name: containerName(image, () => randomSuffix(invocation)),
              image,
              ...(command.length > 0 && { command }),
              ...(port >= 0 && index === 0 && { ports: [{ containerPort: port }] }),
              resources: {},
            })),
          },
        },
        strategy: {},
      },
      status: {},
    };
  },
};

/**
 * "nginx" of "registry.example/library/nginx:1.27". A name with "_" or "." is made one of a container,
 * with something random behind it.
 */
function containerName(image: string, random: () => string): string {
  const name = image.slice(image.lastIndexOf('/') + 1).split(/[:@]/)[0]!;
  return /[_.]/.test(name) ? `${name.replace(/[_.]/g, '-')}-${random()}` : name;
}
