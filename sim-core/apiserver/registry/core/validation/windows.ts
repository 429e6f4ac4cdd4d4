import type { PodSpec, WindowsSecurityContextOptions } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid } from '../../../../apimachinery/validation/field-error.ts';
import { byteLength, isDNS1123Subdomain } from '../../../../apimachinery/validation/names.ts';
import { visitContainers } from './visit-containers.ts';

const MAX_SPEC_KIB = 64;
const MAX_DOMAIN = 256;
const MAX_USER = 104;
const CONTROL = /[\u0000-\u001f\u007f]/;
const NETBIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/u;
const DNS_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const DNS_NAME = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);

/** Models validateWindowsSecurityContextOptions. */
export function validateWindowsOptions(
  options: WindowsSecurityContextOptions | undefined,
  field: string,
): FieldError[] {
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options ?? {};
  const errors: FieldError[] = [];
  if (gmsaCredentialSpecName !== undefined) {
    for (const text of isDNS1123Subdomain(gmsaCredentialSpecName)) {
      errors.push(invalid(`${field}.gmsaCredentialSpecName`, gmsaCredentialSpecName, text));
    }
  }
  if (gmsaCredentialSpec === '') {
    const text = 'gmsaCredentialSpec cannot be an empty string';
    errors.push(invalid(`${field}.gmsaCredentialSpec`, '', text));
  } else if (gmsaCredentialSpec !== undefined && byteLength(gmsaCredentialSpec) > MAX_SPEC_KIB * 1024) {
    const text = `gmsaCredentialSpec size must be under ${MAX_SPEC_KIB} KiB`;
    errors.push(invalid(`${field}.gmsaCredentialSpec`, gmsaCredentialSpec, text));
  }
  if (runAsUserName !== undefined) {
    const path = `${field}.runAsUserName`;
    errors.push(...userNameComplaints(runAsUserName).map((text) => invalid(path, runAsUserName, text)));
  }
  return errors;
}

/** What is wrong with a name as Windows has them: "ContainerUser", "DOMAIN\user". */
function userNameComplaints(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  if (CONTROL.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const user = parts.at(-1)!;
  const domain = parts.length === 2 ? parts[0]! : undefined;
  const complaints: string[] = [];
  if (domain !== undefined && byteLength(domain) >= MAX_DOMAIN) {
    complaints.push(`runAsUserName's Domain length must be under ${MAX_DOMAIN} characters`);
  }
  if (domain !== undefined && !NETBIOS.test(domain) && !DNS_NAME.test(domain)) {
    complaints.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === '') complaints.push("runAsUserName's User cannot be empty");
  else if (byteLength(user) > MAX_USER) {
    complaints.push(`runAsUserName's User length must not be longer than ${MAX_USER} characters`);
  }
  if (/^[. ]+$/.test(user)) complaints.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    complaints.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  }
  return complaints;
}

/** All containers or none run as processes of the host, and then in its network. Models validateWindowsHostProcessPod. */
export function validateWindowsHostProcess(spec: PodSpec, field: string): FieldError[] {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const containers = visitContainers(spec, field);
  const errors: FieldError[] = [];
  let hostProcesses = 0;
  for (const [{ securityContext }, path] of containers) {
    const own = securityContext?.windowsOptions?.hostProcess;
    if (ofPod !== undefined && own !== undefined && ofPod !== own) {
      const text = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
      errors.push(invalid(`${path}.securityContext.windowsOptions.hostProcess`, own, text));
    }
    if (own ?? ofPod) hostProcesses++;
  }
  if (hostProcesses === 0) return errors;
  if (hostProcesses !== containers.length) {
    const text =
      'If pod contains any hostProcess containers then all containers must be HostProcess containers';
    errors.push(invalid(field, '', text));
  }
  if (!spec.hostNetwork) {
    const text = 'hostNetwork must be true if pod contains any hostProcess containers';
    errors.push(invalid(`${field}.hostNetwork`, false, text));
  }
  return errors;
}
