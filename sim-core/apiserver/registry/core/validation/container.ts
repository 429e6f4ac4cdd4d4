import type { Container, ContainerPort, EphemeralContainer, PodSpec } from 'kubernetes-types/core/v1';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { isValidPortName, isValidPortNum } from '../../../../apimachinery/validation/names.ts';
import { validateDNS1123Label, validateEnum } from './common.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { validateLifecycle, validateReadinessProbe, validateSingleSuccessProbe } from './probe.ts';
import { validateResourceRequirements } from './resources.ts';
import { validateSecurityContext } from './security-context.ts';
import type { MatchedVolumes } from './volume.ts';
import { validateVolumeDevices, validateVolumeMounts } from './volume.ts';

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const MESSAGE_POLICIES = ['File', 'FallbackToLogsOnError'];

/** What holds for every container. Models validateContainerCommon. */
function validateContainerCommon(
  container: Container | EphemeralContainer,
  volumes: MatchedVolumes,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!container.name) errors.push(required(`${field}.name`));
  else errors.push(...validateDNS1123Label(container.name, `${field}.name`));
  if (!container.image) errors.push(required(`${field}.image`));
  errors.push(
    ...validateEnum(
      container.terminationMessagePolicy,
      MESSAGE_POLICIES,
      `${field}.terminationMessagePolicy`,
    ),
    ...validatePorts(container.ports, `${field}.ports`),
    ...validateEnv(container.env, `${field}.env`),
    ...validateEnvFrom(container.envFrom, `${field}.envFrom`),
    ...validateVolumeMounts(container, volumes, `${field}.volumeMounts`),
    ...validateVolumeDevices(container, volumes, `${field}.volumeDevices`),
    ...validateEnum(container.imagePullPolicy, PULL_POLICIES, `${field}.imagePullPolicy`),
    ...validateResourceRequirements(container.resources, `${field}.resources`),
    ...validateResizePolicy(container.resizePolicy, `${field}.resizePolicy`),
    ...validateSecurityContext(container.securityContext, `${field}.securityContext`),
  );
  return errors;
}

/** Models validateResizePolicy. */
function validateResizePolicy(policies: Container['resizePolicy'], field: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  (policies ?? []).forEach(({ resourceName = '', restartPolicy = '' }, index) => {
    if (seen.has(resourceName)) errors.push(duplicate(`${field}[${index}]`, resourceName));
    seen.add(resourceName);
    errors.push(...validateEnum(resourceName, ['cpu', 'memory'], field));
    errors.push(...validateEnum(restartPolicy, ['NotRequired', 'RestartContainer'], field));
  });
  return errors;
}

/** Models validateContainerPorts. */
function validatePorts(ports: readonly ContainerPort[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  (ports ?? []).forEach((port, index) => {
    const path = `${field}[${index}]`;
    if (port.name) {
      const complaints = isValidPortName(port.name);
      errors.push(...complaints.map((text) => invalid(`${path}.name`, port.name, text)));
      if (complaints.length === 0) {
        if (names.has(port.name)) errors.push(duplicate(`${path}.name`, port.name));
        names.add(port.name);
      }
    }
    if (!port.containerPort) errors.push(required(`${path}.containerPort`));
    else {
      for (const text of isValidPortNum(port.containerPort)) {
        errors.push(invalid(`${path}.containerPort`, port.containerPort, text));
      }
    }
    for (const text of port.hostPort ? isValidPortNum(port.hostPort) : []) {
      errors.push(invalid(`${path}.hostPort`, port.hostPort, text));
    }
    if (!port.protocol) errors.push(required(`${path}.protocol`));
    else if (!PROTOCOLS.includes(port.protocol)) {
      errors.push(notSupported(`${path}.protocol`, port.protocol, PROTOCOLS));
    }
  });
  return errors;
}

/** Two containers of a pod cannot have one port of the host. Models checkHostPortConflicts. */
function validateHostPorts(containers: readonly Container[], field: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  containers.forEach((container, index) => {
    (container.ports ?? []).forEach((port, portIndex) => {
      if (!port.hostPort) return;
      const text = `${port.protocol ?? ''}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (seen.has(text)) errors.push(duplicate(`${field}[${index}].ports[${portIndex}].hostPort`, text));
      seen.add(text);
    });
  });
  return errors;
}

/** Models validateContainers. */
export function validateContainers(
  containers: readonly Container[] | undefined,
  volumes: MatchedVolumes,
  field: string,
): FieldError[] {
  if (!containers || containers.length === 0) return [required(field)];
  const errors: FieldError[] = [];
  const names = new Set<string>();
  containers.forEach((container, index) => {
    const path = `${field}[${index}]`;
    errors.push(...validateContainerCommon(container, volumes, path));
    if (names.has(container.name)) errors.push(duplicate(`${path}.name`, container.name));
    names.add(container.name);
    errors.push(...validateProbesAndLifecycle(container, path));
    if (container.restartPolicy !== undefined) {
      errors.push(forbidden(`${path}.restartPolicy`, 'may not be set for non-init containers'));
    }
  });
  return [...errors, ...validateHostPorts(containers, field)];
}

function validateProbesAndLifecycle(container: Container, field: string): FieldError[] {
  return [
    ...validateLifecycle(container.lifecycle, `${field}.lifecycle`),
    ...validateSingleSuccessProbe(container.livenessProbe, `${field}.livenessProbe`),
    ...validateReadinessProbe(container.readinessProbe, `${field}.readinessProbe`),
    ...validateSingleSuccessProbe(container.startupProbe, `${field}.startupProbe`),
  ];
}

/** Models validateInitContainers: those that restart always may have what a regular one has. */
export function validateInitContainers(spec: PodSpec, volumes: MatchedVolumes, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set((spec.containers ?? []).map((container) => container.name));
  (spec.initContainers ?? []).forEach((container, index) => {
    const path = `${field}[${index}]`;
    const restarts = container.restartPolicy === 'Always';
    errors.push(...validateContainerCommon(container, volumes, path));
    if (container.restartPolicy !== undefined && !restarts) {
      errors.push(notSupported(`${path}.restartPolicy`, container.restartPolicy, ['Always']));
    }
    if (names.has(container.name)) errors.push(duplicate(`${path}.name`, container.name));
    else if (container.name) names.add(container.name);
    errors.push(...validateHostPorts([container], field));
    if (restarts) {
      errors.push(...validateProbesAndLifecycle(container, path));
      return;
    }
    for (const key of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
      if (container[key]) {
        errors.push(
          forbidden(`${path}.${key}`, 'may not be set for init containers without restartPolicy=Always'),
        );
      }
    }
  });
  return errors;
}

/** Models validateContainerOnlyForPod. */
export function validateImageSpaces(image = '', field: string): FieldError[] {
  return image === image.trim()
    ? []
    : [invalid(`${field}.image`, image, 'must not have leading or trailing whitespace')];
}

const EPHEMERAL_FIELDS = new Set([
  'name',
  'image',
  'command',
  'args',
  'workingDir',
  'envFrom',
  'env',
  'volumeMounts',
  'volumeDevices',
  'resources',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'imagePullPolicy',
  'securityContext',
  'stdin',
  'stdinOnce',
  'tty',
  'targetContainerName',
]);

/** Models validateEphemeralContainers: no ports, probes or resources, and a target that is there. */
export function validateEphemeralContainers(
  spec: PodSpec,
  volumes: MatchedVolumes,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const others = new Set(
    [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.name),
  );
  const names = new Set(others);
  (spec.ephemeralContainers ?? []).forEach((container, index) => {
    const path = `${field}[${index}]`;
    errors.push(...validateContainerCommon(container, volumes, path));
    errors.push(...validateImageSpaces(container.image, path));
    if (names.has(container.name)) errors.push(duplicate(`${path}.name`, container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) {
      errors.push(notFound(`${path}.targetContainerName`, target));
    }
    const fields = container as unknown as Record<string, unknown>;
    for (const key of Object.keys(fields).sort()) {
      if (!EPHEMERAL_FIELDS.has(key) && fields[key] !== undefined) {
        errors.push(forbidden(`${path}.${key}`, 'cannot be set for an Ephemeral Container'));
      }
    }
    const { requests, limits } = container.resources ?? {};
    if (Object.keys(requests ?? {}).length > 0 || Object.keys(limits ?? {}).length > 0) {
      errors.push(forbidden(`${path}.resources`, 'cannot be set for an Ephemeral Container'));
    }
    (container.volumeMounts ?? []).forEach((mount, mountIndex) => {
      const at = `${path}.volumeMounts[${mountIndex}]`;
      if (mount.subPath) {
        errors.push(forbidden(`${at}.subPath`, 'cannot be set for an Ephemeral Container'));
      }
      if (mount.subPathExpr) {
        errors.push(forbidden(`${at}.subPathExpr`, 'cannot be set for an Ephemeral Container'));
      }
    });
  });
  return errors;
}
