/** Hosts that lead to the kube-apiserver of a page's cluster; there is nothing behind any other. */
export const SERVER_HOST =
  /^(?:127\.0\.0\.1|172\.30\.1\.(?:2|10)|10\.\d+\.0\.1|localhost|controlplane|server|server\.kubernetes\.local|kubernetes(?:\.default(?:\.svc(?:\.cluster\.local)?)?)?)$/;
