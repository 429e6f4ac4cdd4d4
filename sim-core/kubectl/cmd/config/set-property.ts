import { booleanComplaint, parseGoBool } from '../../../apimachinery/go-numbers.ts';
import { type Entry, type Stanza, STANZAS } from '../../clientcmd/config-access.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { encodeBase64 } from '../../util/base64.ts';
import { HelpError } from '../../util/errors.ts';
import { accessOf } from './access.ts';

/** The fields of an entry that a dotted name may lead to, by the list that the entry is in. */
const FIELDS: Readonly<Record<Stanza, readonly string[]>> = {
  clusters: [
    ...['certificate-authority', 'certificate-authority-data', 'disable-compression'],
    ...['extensions', 'insecure-skip-tls-verify', 'proxy-url', 'server', 'tls-server-name'],
  ],
  contexts: ['cluster', 'extensions', 'namespace', 'user'],
  users: [
    ...['as', 'as-groups', 'as-uid', 'as-user-extra', 'auth-provider', 'client-certificate'],
    ...['client-certificate-data', 'client-key', 'client-key-data', 'exec', 'extensions', 'password'],
    ...['token', 'tokenFile', 'username'],
  ],
};
const BOOLEANS = ['insecure-skip-tls-verify', 'disable-compression'];

/** What a dotted name leads to: the current context, an entry, or a field of one. */
type Property =
  | { readonly type: 'current-context' }
  | { readonly type: 'list'; readonly stanza: Stanza }
  | { readonly type: 'entry'; readonly stanza: Stanza; readonly name: string; readonly field?: string };

/** Names may hold dots: the longest that exists wins. Models newNavigationSteps. */
function propertyOf(text: string, exists: (stanza: Stanza, name: string) => boolean): Property {
  if (text === 'current-context') return { type: 'current-context' };
  const [list, ...rest] = text.split('.');
  const stanza = Object.keys(STANZAS).find((name) => name === list) as Stanza | undefined;
  if (stanza === undefined) throw new Error(`unable to parse ${text} after [] at api.Config`);
  if (rest.length === 0) return { type: 'list', stanza };
  for (let length = rest.length; length > 0; length--) {
    const name = rest.slice(0, length).join('.');
    const field = rest.slice(length).join('.');
    const known = field === '' ? exists(stanza, name) : FIELDS[stanza].includes(field);
    if (known) return { type: 'entry', stanza, name, ...(field !== '' && { field }) };
  }
  const field = rest.slice(1).join('.');
  if (field === '') return { type: 'entry', stanza, name: rest[0]! };
  throw new Error(`unable to parse one or more field values of ${text}`);
}

/** Models pkg/cmd/config/set.go. */
export const setProperty: CommandDefinition = {
  name: 'set',
  use: 'PROPERTY_NAME PROPERTY_VALUE [options]',
  short: 'Set an individual value in a kubeconfig file',
  flags: [{ name: 'set-raw-bytes', type: 'bool', default: 'false' }],
  async run(invocation, { args, flags }) {
    const [name, value] = args;
    if (name === undefined || value === undefined || args.length > 2)
      throw new HelpError(`Unexpected args: [${args.join(' ')}]`);
    const access = accessOf(invocation, flags);
    const property = propertyOf(name, (stanza, entry) => access.entry(stanza, entry) !== undefined);
    if (property.type === 'current-context') access.setCurrentContext(value);
    else {
      if (property.type === 'list' || property.field === undefined)
        throw new Error(`can't set a map to a value: ${name}`);
      const { stanza, name: entryName, field } = property;
      const entry: Entry = { ...access.entry(stanza, entryName), [field]: valueOf(field, value, flags) };
      access.setEntry(stanza, entryName, entry);
    }
    invocation.io.stdout(`Property ${JSON.stringify(name)} set.\n`);
    return 0;
  },
};

function valueOf(field: string, value: string, flags: FlagSet): unknown {
  if (BOOLEANS.includes(field)) {
    const complaint = booleanComplaint(value);
    if (complaint !== undefined) throw new Error(complaint);
    return parseGoBool(value);
  }
  return field.endsWith('-data') && flags.bool('set-raw-bytes') ? encodeBase64(value) : value;
}

/** Models pkg/cmd/config/unset.go. */
export const unsetProperty: CommandDefinition = {
  name: 'unset',
  use: 'PROPERTY_NAME [options]',
  short: 'Unset an individual value in a kubeconfig file',
  async run(invocation: Invocation, { args, flags }) {
    const [name] = args;
    if (name === undefined || args.length > 1) throw new HelpError(`Unexpected args: [${args.join(' ')}]`);
    const access = accessOf(invocation, flags);
    const property = propertyOf(name, (stanza, entry) => access.entry(stanza, entry) !== undefined);
    if (property.type === 'current-context') access.setCurrentContext('');
    else if (property.type === 'list') {
      const all = invocation.factory.kubeconfig()[property.stanza];
      for (const entry of all.keys()) access.setEntry(property.stanza, entry, undefined);
    } else {
      const { stanza, name: entryName, field } = property;
      const existing = access.entry(stanza, entryName);
      if (existing !== undefined && field === undefined) access.setEntry(stanza, entryName, undefined);
      else if (existing !== undefined) {
        const { [field!]: _, ...rest } = existing;
        access.setEntry(stanza, entryName, rest);
      } else if (field !== undefined) throw new Error(`current map key \`${entryName}\` is invalid`);
    }
    invocation.io.stdout(`Property ${JSON.stringify(name)} unset.\n`);
    return 0;
  },
};
