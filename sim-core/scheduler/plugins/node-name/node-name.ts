import type { Plugin } from '../../framework/interface.ts';

/** Takes only the node that the pod names. Models pkg/scheduler/framework/plugins/nodename. */
export const nodeName: Plugin = {
  name: 'NodeName',
  filter({ pod }, node) {
    const wanted = pod.pod.spec?.nodeName;
    if (!wanted || wanted === node.name) return undefined;
    return {
      code: 'UnschedulableAndUnresolvable',
      reasons: ["node(s) didn't match the requested node name"],
    };
  },
  mayHelp: (_, event) => event.type === 'node-added',
};
