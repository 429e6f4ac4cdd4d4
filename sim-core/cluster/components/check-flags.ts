import { DurationError, parseGoDuration } from '../../apimachinery/duration.ts';
import { booleanComplaint, signedComplaint } from '../../apimachinery/go-numbers.ts';
import { UsageError } from './command.ts';
import type { Flags } from './flags.ts';

type FlagType = 'int' | 'bool' | 'duration' | 'ip';

/** What Go says of a value that is none of the type. */
const COMPLAINTS: Readonly<Record<FlagType, (value: string) => string | undefined>> = {
  int: (value) => signedComplaint(value),
  bool: booleanComplaint,
  duration: durationComplaint,
  ip: (value) =>
    /^(\d{1,3}(\.\d{1,3}){3}|[\da-f]*:[\da-f:]*)$/i.test(value)
      ? undefined
      : `failed to parse IP: ${JSON.stringify(value)}`,
};

function durationComplaint(text: string): string | undefined {
  try {
    parseGoDuration(text);
    return undefined;
  } catch (error) {
    if (error instanceof DurationError) return error.message;
    throw error;
  }
}

/** Types of the flags that are not plain texts. */
const TYPES: ReadonlyMap<string, FlagType> = new Map(
  (
    [
      ['int', 'secure-port v max-requests-inflight max-mutating-requests-inflight audit-log-maxage audit-log-maxbackup audit-log-maxsize apiserver-count node-cidr-mask-size kube-api-burst terminated-pod-gc-threshold min-request-timeout'],
      ['bool', 'allow-privileged anonymous-auth enable-bootstrap-token-auth profiling leader-elect allocate-node-cidrs use-service-account-credentials enable-garbage-collector service-account-lookup enable-aggregator-routing audit-log-compress'],
      ['duration', 'node-monitor-grace-period node-monitor-period leader-elect-lease-duration leader-elect-renew-deadline leader-elect-retry-period cluster-signing-duration request-timeout event-ttl etcd-compaction-interval shutdown-delay-duration min-resync-period'],
      ['ip', 'advertise-address bind-address'],
    ] as const
  ).flatMap(([type, names]) => names.split(' ').map((name): [string, FlagType] => [name, type])),
); // prettier-ignore

/**
 * Throws a {@link UsageError} for a command line that makes no sense: "unknown flag: --authorization-modus".
 *
 * Models github.com/spf13/pflag FlagSet.Parse under cobra.
 */
export function checkFlags(component: string, flags: Flags, known: ReadonlySet<string>): void {
  for (const [name, value] of flags.entries()) {
    if (!known.has(name)) throw new UsageError(`unknown flag: --${name}`);
    const type = TYPES.get(name);
    const complaint = type && COMPLAINTS[type](value);
    if (complaint !== undefined)
      throw new UsageError(`invalid argument ${JSON.stringify(value)} for "--${name}" flag: ${complaint}`);
  }
  const [shorthand] = flags.shorthands;
  if (shorthand !== undefined)
    throw new UsageError(`unknown shorthand flag: '${shorthand[1]}' in ${shorthand}`);
  if (flags.operands.length > 0) {
    const words = flags.operands.map((word) => JSON.stringify(word)).join(' ');
    throw new UsageError(`${component} does not take any arguments, got [${words}]`);
  }
}
