/** As crictl prints what the runtime said. Models protojson, indented. */
export const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** A time as the lists' JSON has it: nanoseconds in a string. */
export const nanoseconds = (milliseconds: number) =>
  milliseconds === 0 ? '0' : `${Math.round(milliseconds)}000000`;

/** A time as the statuses' JSON has it. */
export const instant = (milliseconds: number) =>
  milliseconds === 0 ? '0001-01-01T00:00:00Z' : new Date(milliseconds).toISOString().replace('Z', '000000Z');
