import type { HttpResponse, PortForward } from '../../apimachinery/http.ts';
import { ConnectionError } from '../../apimachinery/http.ts';
import { PORT_FORWARD_PROTOCOL } from '../../apimachinery/remotecommand.ts';
import type { RuntimeService } from '../../cri/runtime-service.ts';

/**
 * Accepts an upgrade to port-forward. Models k8s.io/kubelet/pkg/cri/streaming/portforward ServePortForward; the text
 * of an error is that of containerd's portForward.
 */
export function servePortForward(runtime: RuntimeService, sandbox: string): HttpResponse {
  const forward: PortForward = async (port, { method, path, headers, body }) => {
    try {
      return await runtime.portForward(sandbox, port, { method, path, headers, body });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      throw new ConnectionError(
        error.reason,
        `error forwarding port ${port} to pod ${sandbox}, uid : failed to execute portforward in network namespace: failed to connect to localhost:${port} inside namespace ${JSON.stringify(sandbox)}, IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6 [::1]:${port}: connect: connection refused `,
      );
    }
  };
  return {
    status: 101,
    headers: { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': PORT_FORWARD_PROTOCOL },
    body: '',
    forward,
  };
}
