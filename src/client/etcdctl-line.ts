/** What etcdctl needs on a control plane that kubeadm made. */
const FLAGS =
  '--cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key';

/** The line of the terminal that asks the cluster's etcd. */
export function etcdctlLine(command: string): string {
  return `etcdctl ${FLAGS} ${command}`;
}
