import type { KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import { ALL_NAMESPACES_FLAG } from '../../genericclioptions/common-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { Tabwriter, TABLE_COLUMNS } from '../../printers/tabwriter.ts';
import { Helper } from '../../resource/helper.ts';
import { type PolicyRule, ruleRows } from '../../util/rbac.ts';
import { NoResourceMatchError } from '../../util/errors.ts';

const AUTHORIZATION = { group: 'authorization.k8s.io', version: 'v1', namespaced: false };
const ACCESS_REVIEW = {
  ...AUTHORIZATION,
  resource: 'selfsubjectaccessreviews',
  kind: 'SelfSubjectAccessReview',
};
const RULES_REVIEW = {
  ...AUTHORIZATION,
  resource: 'selfsubjectrulesreviews',
  kind: 'SelfSubjectRulesReview',
};

/** Models pkg/cmd/auth/cani.go. */
export const canI: CommandDefinition = {
  name: 'can-i',
  use: 'VERB [TYPE | TYPE/NAME | NONRESOURCEURL] [options]',
  short: 'Check whether an action is allowed',
  flags: [
    ALL_NAMESPACES_FLAG,
    { name: 'list', type: 'bool', default: 'false' },
    { name: 'no-headers', type: 'bool', default: 'false' },
    { name: 'quiet', shorthand: 'q', type: 'bool', default: 'false' },
    { name: 'subresource', type: 'string' },
  ],
  async run(invocation, { args, flags }) {
    const { factory, io, commandPath } = invocation;
    const { namespace } = factory.namespace();
    if (flags.bool('list')) {
      if (flags.bool('quiet') || flags.bool('all-namespaces') || flags.string('subresource') !== '') {
        throw new Error(
          "list option can't be specified with neither quiet, all-namespaces nor subresource options",
        );
      }
      if (args.length > 0) throw new Error('list option must be specified with no arguments');
      return listRules(invocation, namespace, flags.bool('no-headers'));
    }
    const [verb, what, ...more] = args;
    if (verb === undefined || what === undefined || more.length > 0) {
      const text = 'you must specify two arguments: verb resource or verb resource/resourceName.';
      throw new Error(`${text}\nSee '${commandPath} -h' for help and examples.`);
    }
    const spec = what.startsWith('/')
      ? { nonResourceAttributes: { path: what, verb } }
      : {
          resourceAttributes: await attributes(
            invocation,
            verb,
            what,
            flags.bool('all-namespaces') ? '' : namespace,
            flags.string('subresource'),
          ),
        };
    const isPath = what.startsWith('/');
    if (isPath && flags.string('subresource') !== '')
      throw new Error('--subresource can not be used with NonResourceURL');
    if (!(isPath ? PATH_VERBS : RESOURCE_VERBS).includes(verb))
      io.stderr(`Warning: verb '${verb}' is not a known verb\n\n`);
    if (flags.bool('no-headers')) throw new Error('--no-headers cannot be set without --list specified');
    const review = await new Helper(factory.client(), ACCESS_REVIEW).create('', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: {},
      spec,
    });
    const {
      allowed,
      reason = '',
      evaluationError = '',
    } = review.status as { allowed: boolean; reason?: string; evaluationError?: string };
    if (!flags.bool('quiet')) {
      let text = allowed ? 'yes' : 'no';
      if (!allowed && reason !== '') text += ` - ${reason}`;
      if (!allowed && evaluationError !== '') text += ` - ${evaluationError}`;
      io.stdout(`${text}\n`);
    }
    return allowed ? 0 : 1;
  },
};

/** What may be asked about although no server serves it. */
const NON_STANDARD = ['users', 'groups'];
const RESOURCE_VERBS = [
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'use', 'bind'],
  ...['impersonate', 'escalate', '*', 'approve', 'sign', 'attest'],
];
const PATH_VERBS = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'];

async function attributes(
  { factory, io }: Invocation,
  verb: string,
  what: string,
  namespace: string,
  flag: string,
) {
  const [type = '', named = ''] = what.split('/');
  const base = { namespace, verb, ...(named !== '' && { name: named }) };
  if (type === '*') return { ...base, group: '*', resource: '*', ...(flag !== '' && { subresource: flag }) };
  try {
    const mapping = await factory.lookup((mapper) => mapper.resourceFor(type.toLowerCase(), ''));
    if (!mapping.namespaced && namespace !== '') {
      io.stderr(
        `Warning: resource '${mapping.resource}' is not namespace scoped${mapping.group === '' ? '' : ` in group '${mapping.group}'`}\n\n`,
      );
    }
    const { group, resource } = mapping;
    return { ...base, ...(group !== '' && { group }), resource, ...(flag !== '' && { subresource: flag }) };
  } catch (error) {
    if (!(error instanceof NoResourceMatchError)) throw error;
    const [name = '', ...group] = type.toLowerCase().split('.');
    const inGroup = group.length === 0 ? '' : ` in group '${group.join('.')}'`;
    if (!NON_STANDARD.includes(type.toLowerCase()))
      io.stderr(`Warning: the server doesn't have a resource type '${name}'${inGroup}\n\n`);
    return { ...base, resource: type, ...(flag !== '' && { subresource: flag }) };
  }
}

async function listRules(
  { factory, io }: Invocation,
  namespace: string,
  noHeaders: boolean,
): Promise<number> {
  const review = (await new Helper(factory.client(), RULES_REVIEW).create('', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    metadata: {},
    spec: { namespace },
  })) as KubeObject & {
    status: {
      incomplete?: boolean;
      evaluationError?: string;
      resourceRules?: PolicyRule[];
      nonResourceRules?: PolicyRule[];
    };
  };
  const { incomplete, evaluationError = '', resourceRules = [], nonResourceRules = [] } = review.status;
  if (incomplete === true) {
    io.stderr(`warning: the list may be incomplete${evaluationError === '' ? '' : `: ${evaluationError}`}\n`);
  }
  const writer = new Tabwriter(TABLE_COLUMNS);
  if (!noHeaders) writer.write('Resources\tNon-Resource URLs\tResource Names\tVerbs\n');
  for (const row of ruleRows([...resourceRules, ...nonResourceRules])) writer.write(`${row}\n`);
  io.stdout(writer.flush());
  return 0;
}
