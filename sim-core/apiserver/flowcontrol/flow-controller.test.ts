import { expect, test } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import type { UserInfo } from '../authentication/user.ts';
import { Query } from '../endpoints/query.ts';
import { requestInfoOf } from '../endpoints/request-info.ts';
import { FlowController } from './flow-controller.ts';

const JANE: UserInfo = { name: 'jane', groups: ['system:authenticated'] };

const level = (name: string): KubeObject => ({
  kind: 'PriorityLevelConfiguration',
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  metadata: { name, uid: `uid of ${name}` },
  spec: { type: 'Exempt' },
});

const schema = (name: string, matchingPrecedence: number, user: string, levelName: string): KubeObject => ({
  kind: 'FlowSchema',
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  metadata: { name },
  spec: {
    priorityLevelConfiguration: { name: levelName },
    matchingPrecedence,
    rules: [
      {
        subjects: [{ kind: 'User', user: { name: user } }],
        resourceRules: [{ verbs: ['list'], apiGroups: [''], resources: ['pods'], clusterScope: true }],
      },
    ],
  },
});

function newController(objects: { flowschemas: KubeObject[]; prioritylevelconfigurations: KubeObject[] }) {
  const revisions = { flowschemas: 1, prioritylevelconfigurations: 1 };
  const controller = new FlowController(
    new VirtualClock({ start: 0, settle }),
    {
      list: ({ resource }) => Promise.resolve([...objects[resource as keyof typeof objects]]),
      revisionOf: ({ resource }) => revisions[resource as keyof typeof revisions],
    },
    600,
  );
  const classify = async (user: UserInfo, path = '/api/v1/pods') => {
    const found = await controller.classify({ user, info: requestInfoOf('GET', path, new Query('')) });
    return found && `${found.schema.name} ${found.level.name}`;
  };
  return { revisions, classify };
}

test('what was found out about a user is forgotten when a schema or a level changes', async () => {
  const objects = {
    flowschemas: [schema('everybody', 200, '*', 'low'), schema('janes', 100, 'jane', 'high')],
    prioritylevelconfigurations: [level('low')],
  };
  const { revisions, classify } = newController(objects);
  expect(await classify(JANE)).toBe('everybody low');
  objects.prioritylevelconfigurations.push(level('high'));
  expect(await classify(JANE)).toBe('everybody low');
  revisions.prioritylevelconfigurations++;
  expect(await classify(JANE)).toBe('janes high');
  objects.flowschemas.pop();
  revisions.flowschemas++;
  expect(await classify(JANE)).toBe('everybody low');
});

test('a user of a schema gets it for the requests that it is about only', async () => {
  const { classify } = newController({
    flowschemas: [schema('janes', 100, 'jane', 'high')],
    prioritylevelconfigurations: [level('high')],
  });
  expect(await classify(JANE)).toBe('janes high');
  expect(await classify(JANE, '/api/v1/nodes')).toBeUndefined();
  expect(await classify({ name: 'joe', groups: [] })).toBeUndefined();
});
