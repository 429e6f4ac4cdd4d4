/** The names in a text, each once. */
export const flagNames = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Flags that clients of the apiserver have: serving, authentication, leader election, logging, feature gates. */
export const COMMON_FLAGS = `allow-metric-labels allow-metric-labels-manifest authentication-kubeconfig authentication-skip-lookup
  authentication-token-webhook-cache-ttl authentication-tolerate-lookup-failure authorization-always-allow-paths
  authorization-kubeconfig authorization-webhook-cache-authorized-ttl authorization-webhook-cache-unauthorized-ttl
  bind-address cert-dir client-ca-file contention-profiling disable-http2-serving disabled-metrics emulated-version
  emulation-forward-compatible feature-gates help http2-max-streams-per-connection kube-api-burst
  kube-api-content-type kube-api-qps kubeconfig leader-elect leader-elect-lease-duration leader-elect-renew-deadline
  leader-elect-resource-lock leader-elect-resource-name leader-elect-resource-namespace leader-elect-retry-period
  log-flush-frequency log-json-info-buffer-size log-json-split-stream log-text-info-buffer-size log-text-split-stream
  logging-format master min-compatibility-version permit-address-sharing permit-port-sharing profiling
  requestheader-allowed-names requestheader-client-ca-file requestheader-extra-headers-prefix
  requestheader-group-headers requestheader-uid-headers requestheader-username-headers secure-port
  show-hidden-metrics-for-version tls-cert-file tls-cipher-suites tls-min-version tls-private-key-file
  tls-sni-cert-key v version vmodule`;
