const CREDENTIAL_ID = 'since v1.32 a certificate adds its credential-id to the user, and so to spec.extra';
const IP_MODE = 'since v1.30 an address of a load balancer gets its ipMode';

/**
 * Steps whose recorded answer is the recording's own: an older version, or another cluster.
 * Such a step counts as neither equal nor different. Keys are "scenario#step", from 0.
 */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'authn-anonymous-and-bad-token#3': 'the body of /version names the recorded release',
  ...sameReason(CREDENTIAL_ID, 'certificate-signing-request', [0, 2]),
  'discovery-core#1': 'the body of /version names the recorded release',
  ...sameReason('the body of /version names the recorded build', 'access-rbac', [25, 54, 83, 112]),
  'access-agg#18': 'the recorded build lets who may edit write endpoints; releases stopped that in v1.22',
  'access-agg#30':
    'since v1.29 there is a controller that removes tokens nobody uses, with a role of its own',
  'access-rbac#134': 'since v1.33 a kube-apiserver serves no /logs unless it is told to',
  ...sameReason(CREDENTIAL_ID, 'kinds-csr', [0, 1, 4, 8, 10, 12, 21, 22]),
  'apply-ssa-deploy#9': 'upstream lists what does not fit a type in random order',
  ...sameReason(
    'since v1.30 the managed fields go on where a list has the same item twice',
    'patch-jp',
    [108, 109, 110, 111],
  ),
  ...sameReason(IP_MODE, 'apply-ssa-service', [11]),
  ...sameReason(IP_MODE, 'kinds-services', [72, 73, 76]),
  'kinds-services#84': 'since v1.31 a Service has a traffic distribution',
  'kinds-nodes#15': 'the recorded server had a node of another scenario, too',
  'kinds-net#14': 'which of two default classes is newer: the recording took longer than a second for them',
};

function sameReason(reason: string, scenario: string, steps: readonly number[]) {
  return Object.fromEntries(steps.map((step) => [`${scenario}#${step}`, reason]));
}
