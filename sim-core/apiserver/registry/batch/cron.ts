/** The values that each field of a schedule takes: [name, lowest, highest, names]. */
const FIELDS: readonly (readonly [low: number, high: number, names: readonly string[]])[] = [
  [0, 59, []],
  [0, 23, []],
  [1, 31, []],
  [1, 12, ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']],
  [0, 6, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']],
];
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/**
 * What is wrong with a schedule in cron's format; undefined if nothing is.
 * Models github.com/robfig/cron/v3 ParseStandard.
 */
export function cronFault(schedule: string): string | undefined {
  if (schedule === '') return 'empty spec string';
  if (schedule.startsWith('@')) {
    return DESCRIPTORS.includes(schedule) || schedule.startsWith('@every ')
      ? undefined
      : `unrecognized descriptor: ${schedule}`;
  }
  const parts = schedule.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== FIELDS.length) {
    return `expected exactly ${FIELDS.length} fields, found ${parts.length}: [${parts.join(' ')}]`;
  }
  for (const [index, part] of parts.entries()) {
    const [low, high, names] = FIELDS[index]!;
    for (const range of part.split(',')) {
      const fault = rangeFault(range, low, high, names);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function rangeFault(
  expression: string,
  low: number,
  high: number,
  names: readonly string[],
): string | undefined {
  const [range = '', step, ...more] = expression.split('/');
  const [first = '', last, ...rest] = range.split('-');
  const numberOf = (text: string) => {
    const named = names.indexOf(text.toLowerCase());
    if (named >= 0) return named + low;
    return /^\d+$/.test(text) ? Number(text) : NaN;
  };
  const notNumber = (text: string) =>
    `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  if (more.length > 0) return `too many slashes: ${expression}`;
  if (rest.length > 0) return `too many hyphens: ${expression}`;
  let start = low;
  let end = high;
  if (first !== '*' && first !== '?') {
    start = numberOf(first);
    if (Number.isNaN(start)) return notNumber(first);
    end = last === undefined ? (step === undefined ? start : high) : numberOf(last);
    if (Number.isNaN(end)) return notNumber(last!);
  }
  if (step !== undefined) {
    if (!/^\d+$/.test(step)) return notNumber(step);
    if (Number(step) === 0) return `step of range should be a positive number: ${expression}`;
  }
  if (start < low) return `beginning of range (${start}) below minimum (${low}): ${expression}`;
  if (end > high) return `end of range (${end}) above maximum (${high}): ${expression}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`;
  return undefined;
}
