import { beforeAll, describe, expect, it, test } from 'vitest';
import { formatTime, type KubeObject } from '../../apimachinery/object.ts';
import { SharedInformerFactory } from '../../client-go/informers/factory.ts';
import { RestClient } from '../../client-go/rest/client.ts';
import { Context } from '../../clock/context.ts';
import { Rand } from '../../clock/rand.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { FakeApiServer } from '../../testing/fake-api-server.ts';
import { type Lab, openLab } from '../../testing/lab.ts';
import { settle } from '../../testing/settle.ts';
import { CsrCleanerController } from './cleaner/cleaner-controller.ts';

/** Made by openssl: O = developers, CN = gold-jane. */
const REQUEST =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQ2JqQ0NBVllDQVFBd0tURVRNQkVHQTFVRUNnd0taR1Yy' +
  'Wld4dmNHVnljekVTTUJBR0ExVUVBd3dKWjI5cwpaQzFxWVc1bE1JSUJJakFOQmdrcWhraUc5dzBCQVFFRkFBT0NBUThBTUlJ' +
  'QkNnS0NBUUVBMVZPSFhLcW14MzBRCnUvMzRmS0xNbFhkMytnUlNkQS9ZWDE4YXZKVm83RFZ3dDF1RXUwTFVFZjIyVmdzNjFp' +
  'U1Y3aU1CdGZGWmZSVWQKTFBaVmg2Zmh3R2E0SEFWWkZsUzgrb2dTRHdobWNzZTRESHlVSWMwaXZGck1ueXdZc2M1Y1VDSDFK' +
  'RXNmaEpWSQoyL2tLWkpNTGp5dVBMR2RxTnNrYzc4U3FhbTRNTzY5ak85VGU5dXA4cGd6bllxd0FwdUk4WlZmU2wzMkcwQkxB' +
  'CkJrQ0tqTW1UQzBTTXcxMVcySmhjTUtjVEZURlltN1I1OVpJTWdDL3RRMUJqTktOYUZYUFpDdFNuU2hPd1VQTloKbXpUeVRH' +
  'Z3kwUTVKcVkyZWdSZ2JXdWRiRmRIbXhBMS9lT2RUWEJJRnFnMFkyUzZvRW5IeGI1UUw4SWZOZ1k3bgpDZ2NWWTVQOE93SURB' +
  'UUFCb0FBd0RRWUpLb1pJaHZjTkFRRUxCUUFEZ2dFQkFKWE1PL1R5dE9KT25UQ2FLS2RpCmhKS3IvZ0RVNDY1TFNqaGEwSll1' +
  'M0p3ZXB1cVNaU3Mra3dmOU12cXpUZmJnL1RhQ0pqMHdzNXc1Y2Z5UWQ0K0oKY2tPUER6YVlaYlhiRnUvbW9jVzZQV0VpcDZl' +
  'TVZxRVFwb3V5VzV0MTM2MTN4d1o0dTlraDhHaG8xZmt4ajNzUAo5S0NBeVV0YzA4cmtiQ1FLUjY2OFA1b1ZrSTIzN3Ivbksy' +
  'UHhKejhhNHZJczlUMGNGM0RheEs5T05rbzBqckI1Ck9UVWpiNUl3eXJZSVhwWHJVd0hTV3hjYjdSMVZrWGhieTJyQXFWRUUx' +
  'M1hwL2tTT3VBbE41ZGNZZUQ2cnF3QlIKT2FoQzFyUldVWUYxak5UOGdpRFVIUno5VzlhcktkSFNpWk5IVDN1SHdIeFdiUFRG' +
  'UXZjczliMmUrMndBOXpRTApQWk09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';

const request = (name: string, spec: object = {}) => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec: {
    request: REQUEST,
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
    ...spec,
  },
});

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

describe('the certificate controllers', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });
  const status = async (name: string) => (await lab.get(`${REQUESTS}/${name}`))['status'];
  const decide = async (name: string, type: 'Approved' | 'Denied') => {
    const known = await lab.get(`${REQUESTS}/${name}`);
    const conditions = [{ type, status: 'True', reason: 'ByHand' }];
    await lab.send('PUT', `${REQUESTS}/${name}/approval`, { ...known, status: { conditions } });
  };

  it('signs a request that somebody approved', async () => {
    await lab.apply(request('jane'));
    await lab.pass(1);
    expect(await status('jane')).toEqual({});
    await decide('jane', 'Approved');
    await lab.pass(1);
    const { certificate } = await status('jane');
    expect(atob(certificate)).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(await lab.sh('kubectl get csr jane')).toContain('Approved,Issued');
  });

  it('does not sign what was denied, what it may not, and what others sign', async () => {
    await lab.apply(request('denied'));
    await decide('denied', 'Denied');
    await lab.apply(request('server', { usages: ['server auth'] }));
    await decide('server', 'Approved');
    await lab.apply(request('other', { signerName: 'example.com/signer' }));
    await decide('other', 'Approved');
    await lab.pass(1);
    for (const name of ['denied', 'server', 'other']) {
      expect((await status(name)).certificate).toBeUndefined();
    }
    const failed = (await status('server')).conditions.find(
      ({ type }: KubeObject) => String(type) === 'Failed',
    );
    expect(failed).toMatchObject({
      reason: 'SignerValidationFailure',
      message: 'invalid usage for client certificate: server auth',
    });
  });
});

test('old requests go: settled ones after an hour, those that wait for somebody after a day', async () => {
  const clock = new VirtualClock({ start: Date.UTC(2026, 0, 1), settle });
  const server = new FakeApiServer(clock);
  const lastUpdateTime = formatTime(clock.now());
  const put = (name: string, type?: string, certificate?: string) =>
    server.put(REQUESTS, {
      metadata: { name },
      status: {
        ...(type !== undefined && { conditions: [{ type, status: 'True', lastUpdateTime }] }),
        ...(certificate !== undefined && { certificate }),
      },
    });
  put('issued', 'Approved', btoa('no certificate'));
  put('denied', 'Denied');
  put('failed', 'Failed');
  put('unsigned', 'Approved');
  put('waits');
  const context = new Context();
  const informers = new SharedInformerFactory(
    new RestClient(server.config('c')),
    clock,
    new Rand(1),
    0,
  ).scope();
  const client = new RestClient(server.config('c'));
  const cleaner = new CsrCleanerController({ clock, rand: new Rand(1), context, client, informers });
  void informers.run(context);
  await clock.settled();
  void cleaner.run();
  const names = () => server.list(REQUESTS).map(({ metadata }) => metadata.name);
  await clock.advance(1.5 * 3_600_000);
  expect(names()).toHaveLength(5);
  await clock.advance(3_600_000);
  expect(names()).toEqual(['unsigned', 'waits']);
  await clock.advance(24 * 3_600_000);
  expect(names()).toEqual([]);
  context.cancel();
});
