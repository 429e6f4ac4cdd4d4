import {
  isDNS1035Label,
  isDNS1123Label,
  isDNS1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
  nameIsDNS1035Label,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
} from '../../../apimachinery/validation/names.ts';
import { stringFormat } from '../../util/formats.ts';
import { CelOptional } from '../values.ts';
import type { CelFunction } from './functions.ts';

/** A named check of texts: format.dns1123Label(). */
class CelFormat {
  readonly typeName = 'kubernetes.NamedFormat';
  readonly name: string;
  readonly check: (text: string) => readonly string[];
  constructor(name: string, check: (text: string) => readonly string[]) {
    this.name = name;
    this.check = check;
  }
  equals({ name }: CelFormat): boolean {
    return this.name === name;
  }
}

const one = (name: string) => (text: string) => (stringFormat(name)!(text) ? [] : [`invalid ${name}`]);

const FORMATS: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: isDNS1123Label,
  dns1123Subdomain: isDNS1123Subdomain,
  dns1035Label: isDNS1035Label,
  qualifiedName: isQualifiedName,
  dns1123LabelPrefix: (text) => nameIsDNSLabel(text, true),
  dns1123SubdomainPrefix: (text) => nameIsDNSSubdomain(text, true),
  dns1035LabelPrefix: (text) => nameIsDNS1035Label(text, true),
  labelValue: isValidLabelValue,
  uri: one('uri'),
  uuid: (text) => (stringFormat('uuid')!(text) ? [] : ['does not match the UUID format']),
  byte: one('byte'),
  date: one('date'),
  datetime: one('datetime'),
};

const named = (name: string) => new CelFormat(name, FORMATS[name]!);

/** Models k8s.io/apiserver/pkg/cel/library/format.go. */
export const NAMED_FORMATS: readonly CelFunction[] = [
  ...Object.keys(FORMATS).map((name): CelFunction => [`format.${name}`, '() Format', () => named(name)]),
  [
    'format.named',
    '(string) optional<Format>',
    (name: string) => (Object.hasOwn(FORMATS, name) ? new CelOptional(named(name)) : CelOptional.NONE),
  ],
  [
    'validate',
    'Format.(string) optional<list<string>>',
    ({ check }: CelFormat, text: string) => {
      const faults = check(text);
      return faults.length === 0 ? CelOptional.NONE : new CelOptional(faults);
    },
  ],
];
