import { beforeEach, describe, expect, it } from 'vitest';
import { Context } from '../../../clock/context.ts';
import { Rand } from '../../../clock/rand.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import { FakeApiServer } from '../../../testing/fake-api-server.ts';
import { settle } from '../../../testing/settle.ts';
import { RESOURCES } from '../../kubernetes/resources.ts';
import { RestClient } from '../../rest/client.ts';
import { EventRecorder as SeriesRecorder } from '../events/event-recorder.ts';
import { EventNames } from './event-names.ts';
import { EventRecorder, subjectOf } from './event-recorder.ts';
import { EventSink } from './event-sink.ts';

const EVENTS = '/api/v1/namespaces/default/events';
const POD = subjectOf(
  { metadata: { name: 'web', namespace: 'default', uid: 'u1', resourceVersion: '7' } },
  RESOURCES.pods,
);

let clock: VirtualClock;
let server: FakeApiServer;
let client: RestClient;
let names: EventNames;
const writes = () => server.requests.map(({ method }) => method);

beforeEach(() => {
  clock = new VirtualClock({ start: Date.UTC(2026, 0, 1), settle });
  server = new FakeApiServer(clock);
  client = new RestClient(server.config('test'));
  names = new EventNames(clock, new Rand(1));
});

describe('EventRecorder', () => {
  let recorder: EventRecorder;
  beforeEach(() => {
    const sink = new EventSink(client, clock, new Context());
    recorder = new EventRecorder(sink, clock, names, { component: 'kubelet', host: 'node01' });
  });

  it('writes an event with the fields of upstream, named by nanosecond', async () => {
    recorder.event(POD, 'Normal', 'Pulled', 'image is there');
    await clock.settled();
    const [event] = server.list(EVENTS);
    expect(event).toMatchObject({
      involvedObject: {
        kind: 'Pod',
        namespace: 'default',
        name: 'web',
        uid: 'u1',
        apiVersion: 'v1',
        resourceVersion: '7',
      },
      reason: 'Pulled',
      message: 'image is there',
      source: { component: 'kubelet', host: 'node01' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 1,
      type: 'Normal',
    });
    const nanoseconds = BigInt(`0x${event!.metadata.name!.slice('web.'.length)}`);
    expect(nanoseconds / 1_000_000n).toBe(BigInt(Date.UTC(2026, 0, 1)));
  });

  it('counts an equal event up', async () => {
    for (let second = 0; second < 3; second++) {
      recorder.event(POD, 'Warning', 'BackOff', 'again');
      await clock.advance(1000);
    }
    expect(writes()).toEqual(['POST', 'PATCH', 'PATCH']);
    expect(server.list(EVENTS)).toMatchObject([
      { count: 3, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:02Z' },
    ]);
  });

  it('joins like events from the tenth message on', async () => {
    for (let index = 0; index < 12; index++) recorder.event(POD, 'Normal', 'Tick', `number ${index}`);
    await clock.settled();
    expect(server.list(EVENTS)).toHaveLength(10);
    expect(server.list(EVENTS)[9]).toMatchObject({
      count: 3,
      message: '(combined from similar events): number 11',
    });
  });

  it('drops what comes too often', async () => {
    for (let index = 0; index < 40; index++) recorder.event(POD, 'Normal', 'Tick', 'same');
    await clock.settled();
    expect(server.list(EVENTS)).toMatchObject([{ count: 25 }]);
  });

  it('waits for a server that is away', async () => {
    server.down = true;
    recorder.event(POD, 'Normal', 'Pulled', 'image is there');
    await clock.advance(15_000);
    server.down = false;
    expect(server.list(EVENTS)).toEqual([]);
    await clock.advance(10_000);
    expect(server.list(EVENTS)).toHaveLength(1);
  });
});

describe('EventRecorder of tools/events', () => {
  it('makes a series of equal events', async () => {
    const recorder = new SeriesRecorder(client, clock, new Context(), names, {
      controller: 'default-scheduler',
      instance: 'default-scheduler-controlplane',
    });
    for (let index = 0; index < 4; index++) {
      recorder.event(POD, 'Warning', 'FailedScheduling', 'Scheduling', '0/3 nodes are available');
      await clock.settled();
    }
    expect(writes()).toEqual(['POST', 'PATCH']);
    expect(server.list(EVENTS)).toMatchObject([
      {
        reason: 'FailedScheduling',
        action: 'Scheduling',
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingComponent: 'default-scheduler',
        reportingInstance: 'default-scheduler-controlplane',
        series: { count: 2 },
      },
    ]);
  });
});
