import type { TableColumn } from '../../rest/resource.ts';
import { replicaColumns, selectorColumn } from '../columns.ts';

const SPEC = 'io.k8s.api.apps.v1.ReplicaSetSpec';
const STATUS = 'io.k8s.api.apps.v1.ReplicaSetStatus';

export const replicaSetColumns: readonly TableColumn[] = [
  ...replicaColumns(SPEC, STATUS),
  selectorColumn(SPEC),
];
