import type { KubeObject } from '../../apimachinery/object.ts';
import { type PolicyRule, ruleRows } from '../util/rbac.ts';
import { describeMetadata } from './metadata.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe RoleDescriber and ClusterRoleDescriber. */
export function describeRole(object: KubeObject, writer: DescribeWriter): void {
  describeMetadata(object, writer, false);
  writer.line(0, 'PolicyRule:');
  writer.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  writer.line(1, '---------\t-----------------\t--------------\t-----');
  for (const row of ruleRows((object.rules as PolicyRule[] | null | undefined) ?? [])) writer.line(1, row);
}

/** Models pkg/describe RoleBindingDescriber and ClusterRoleBindingDescriber. */
export function describeRoleBinding(object: KubeObject, writer: DescribeWriter): void {
  const { roleRef, subjects = [] } = object as unknown as {
    roleRef: { kind: string; name: string };
    subjects?: { kind: string; name: string; namespace?: string }[];
  };
  describeMetadata(object, writer, false);
  writer.line(0, 'Role:');
  writer.line(1, `Kind:\t${roleRef.kind}`);
  writer.line(1, `Name:\t${roleRef.name}`);
  writer.line(0, 'Subjects:');
  writer.line(1, 'Kind\tName\tNamespace');
  writer.line(1, '----\t----\t---------');
  for (const { kind, name, namespace = '' } of subjects) writer.line(1, `${kind}\t${name}\t${namespace}`);
}
