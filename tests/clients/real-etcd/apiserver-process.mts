/**
 * A kube-apiserver as a process of its own, on the real etcd at argv[2], seeded by argv[3]. It serves
 * plain HTTP on a free port of this machine, prints "serving PORT" and lets everybody do everything.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { builtinParts } from '../../../sim-core/apiserver/registry/builtin.ts';
import { ApiServer } from '../../../sim-core/apiserver/server/apiserver.ts';
import { kubeApiServerConfig } from '../../../sim-core/apiserver/server/kube-apiserver.ts';
import { RealTimeDriver } from '../../../sim-core/cli/real-time-driver.ts';
import { Rand } from '../../../sim-core/clock/rand.ts';
import { VirtualClock } from '../../../sim-core/clock/virtual-clock.ts';
import { Pki } from '../../../sim-core/cluster/pki.ts';
import { CertPool } from '../../../sim-core/crypto/x509/verify.ts';
import { GrpcClient } from '../../../sim-core/etcd/clientv3/grpc/grpc-client.ts';
import { settle } from '../../../sim-core/testing/settle.ts';

const [endpoint = '', seed = ''] = process.argv.slice(2);
const clock = new VirtualClock({ start: Date.now(), settle });
const rand = new Rand(seed);
new RealTimeDriver(clock).start();

const server = new ApiServer(
  { clock, rand, etcd: new GrpcClient({ endpoint }), tracer: { emit: () => {} } },
  kubeApiServerConfig({ clock, rand }, builtinParts, {
    settings: {
      serviceClusterIPRange: '10.96.0.0/12',
      serviceNodePortRange: [30_000, 32_767],
      advertiseAddress: '127.0.0.1',
      securePort: 6443,
      allowPrivileged: true,
      serviceAccountIssuer: 'https://kubernetes.default.svc.cluster.local',
    },
    // Nobody comes with a certificate.
    clientCA: new CertPool([]),
    authorizationModes: ['AlwaysAllow'],
    anonymousAuth: true,
    serviceAccountKeys: { signer: new Pki(new Rand(seed)).serviceAccountKey(), verifiers: [] },
    bootstrapTokens: false,
  }),
);
await server.start();

const listener = createServer((request, response) => {
  void (async () => {
    const answer = await server.handle({
      method: request.method!,
      path: request.url!,
      headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
      body: await text(request),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    const { body } = answer;
    if (typeof body === 'string') response.write(body);
    else {
      response.on('close', () => body.cancel());
      for await (const line of body) response.write(line);
    }
    response.end();
  })();
});
listener.listen(0, '127.0.0.1', () => {
  process.stdout.write(`serving ${(listener.address() as AddressInfo).port}\n`);
});
