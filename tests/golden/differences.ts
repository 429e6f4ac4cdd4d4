/**
 * Steps whose recorded answer is the recording's own: an older version, or another cluster.
 * Such a step counts as neither equal nor different. Keys are "scenario#step", from 0.
 */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'authn-anonymous-and-bad-token#3': 'the body of /version names the recorded release',
  'certificate-signing-request#0':
    'since v1.32 a certificate adds its credential-id to the user, and so to spec.extra',
  'certificate-signing-request#2':
    'since v1.32 a certificate adds its credential-id to the user, and so to spec.extra',
  'discovery-core#1': 'the body of /version names the recorded release',
};
