import { formatInstant } from '../encoding/instant.ts';
import { isAddress } from './alternative-names.ts';
import type { Certificate } from './certificate.ts';
import type { ExtendedKeyUsage } from './usages.ts';

export interface VerifyOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** What the certificate must be good for; one of them is enough. */
  readonly usage: ExtendedKeyUsage;
  /** The server's name or address; missing: any. */
  readonly host?: string;
  /** What the other side sent along with its certificate. */
  readonly intermediates?: readonly Certificate[];
}

/** Why a certificate is not trusted. */
export interface VerifyProblem {
  readonly reason: 'expired' | 'unknown authority' | 'other';
  /** Go's words: "x509: certificate signed by unknown authority". */
  readonly message: string;
}

const MAX_CHAIN = 10;

/** The authorities that somebody trusts. Models crypto/x509 CertPool and Certificate.Verify. */
export class CertPool {
  /** The authorities. */
  readonly certificates: readonly Certificate[];
  /** Whether there is one that only a look at signatures can tell from others of its name. */
  readonly hasForeign: boolean;
  /** Chains that were followed before: a certificate does not change. */
  readonly #chains = new WeakMap<Certificate, readonly Certificate[] | VerifyProblem>();

  constructor(roots: readonly Certificate[]) {
    this.certificates = roots;
    this.hasForeign = roots.some(({ isForeign }) => isForeign);
  }

  /** True if nobody can be trusted for it. */
  get isEmpty(): boolean {
    return this.certificates.length === 0;
  }

  /** Undefined if `certificate` is to be trusted. */
  problem(
    certificate: Certificate,
    { now, usage, host, intermediates }: VerifyOptions,
  ): VerifyProblem | undefined {
    const early =
      validityProblem(certificate, now) ?? (host === undefined ? undefined : hostProblem(certificate, host));
    if (early !== undefined) return early;
    let chain = this.#chains.get(certificate);
    if (chain === undefined) {
      chain = this.#follow(certificate, intermediates ?? [], 0);
      this.#chains.set(certificate, chain);
    }
    if ('reason' in chain) return chain;
    for (const parent of chain) {
      const expired = validityProblem(parent, now);
      if (expired !== undefined) return expired;
    }
    const { extendedKeyUsages } = certificate;
    const fits =
      extendedKeyUsages.length === 0 ||
      extendedKeyUsages.includes(usage) ||
      extendedKeyUsages.includes('any');
    return fits
      ? undefined
      : { reason: 'other', message: 'x509: certificate specifies an incompatible key usage' };
  }

  /** The authorities above `certificate`, the nearest first. */
  #follow(
    certificate: Certificate,
    intermediates: readonly Certificate[],
    depth: number,
  ): readonly Certificate[] | VerifyProblem {
    let hint = '';
    const issuer = certificate.issuer.toString();
    const isRoot = (candidate: Certificate) => this.certificates.includes(candidate);
    const itself = this.certificates.find((root) => root === certificate || same(root, certificate));
    if (itself !== undefined) return [];
    for (const candidate of [...this.certificates, ...intermediates]) {
      if (candidate.subject.toString() !== issuer || candidate === certificate) continue;
      const problem = certificate.signatureProblem(candidate);
      if (problem !== undefined) {
        hint ||= ` (possibly because of ${JSON.stringify(problem)} while trying to verify candidate authority certificate ${JSON.stringify(candidate.subject.commonName)})`;
        continue;
      }
      if (isRoot(candidate)) return [candidate];
      if (depth >= MAX_CHAIN) break;
      const above = this.#follow(candidate, intermediates, depth + 1);
      if (!('reason' in above)) return [candidate, ...above];
    }
    return { reason: 'unknown authority', message: `x509: certificate signed by unknown authority${hint}` };
  }
}

function same(a: Certificate, b: Certificate): boolean {
  return a.serialNumber === b.serialNumber && a.fingerprint === b.fingerprint;
}

function validityProblem({ notBefore, notAfter }: Certificate, now: number): VerifyProblem | undefined {
  const late = now > notAfter;
  if (!late && now >= notBefore) return undefined;
  const how = late ? `after ${formatInstant(notAfter)}` : `before ${formatInstant(notBefore)}`;
  const message = `x509: certificate has expired or is not yet valid: current time ${formatInstant(now)} is ${how}`;
  return { reason: 'expired', message };
}

/** Models Certificate.VerifyHostname and HostnameError.Error. */
function hostProblem({ names, subject }: Certificate, host: string): VerifyProblem | undefined {
  const { dnsNames, ipAddresses } = names;
  const other = (message: string): VerifyProblem => ({ reason: 'other', message: `x509: ${message}` });
  const list = (valid: readonly string[]) =>
    other(`certificate is valid for ${valid.join(', ')}, not ${host}`);
  if (isAddress(host)) {
    if (ipAddresses.includes(host)) return undefined;
    return ipAddresses.length === 0
      ? other(`cannot validate certificate for ${host} because it doesn't contain any IP SANs`)
      : list(ipAddresses);
  }
  if (dnsNames.some((pattern) => matches(pattern.toLowerCase(), host.toLowerCase()))) return undefined;
  if (dnsNames.length > 0) return list(dnsNames);
  const legacy = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(subject.commonName) && ipAddresses.length === 0;
  return legacy
    ? other('certificate relies on legacy Common Name field, use SANs instead')
    : other(`certificate is not valid for any names, but wanted to match ${host}`);
}

/** A star stands for the first label. Models matchHostnames. */
function matches(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.split('.'), host.replace(/\.$/, '').split('.')];
  return (
    wanted.length === given.length &&
    wanted.every((label, at) => label === given[at] || (at === 0 && label === '*'))
  );
}
