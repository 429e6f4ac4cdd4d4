import { parsePlainYaml } from '../../apimachinery/json/plain-yaml.ts';
import type { Clock } from '../../clock/clock.ts';

/**
 * What a YAML text says that configures a program. The library is fetched for one that is more than plain YAML.
 * Rejects with its YAMLParseError.
 */
export async function readYaml(clock: Clock, text: string): Promise<unknown> {
  const plain = parsePlainYaml(text);
  if (plain !== undefined) return plain;
  const { parse } = await clock.outside(import('yaml'));
  return parse(text);
}
