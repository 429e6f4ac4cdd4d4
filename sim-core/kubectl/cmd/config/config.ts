import type { CommandDefinition } from '../../cobra/command.ts';
import { renameContext, setContext, useContext } from './contexts.ts';
import { deleteVerb } from './delete.ts';
import { currentContext, getContexts, listNames } from './lists.ts';
import { setCluster, setCredentials } from './set-entries.ts';
import { setProperty, unsetProperty } from './set-property.ts';
import { view } from './view.ts';

/** Models pkg/cmd/config. */
export const config: CommandDefinition = {
  name: 'config',
  use: 'SUBCOMMAND [options]',
  short: 'Modify kubeconfig files',
  helpTo: 'stderr',
  subcommands: [
    view,
    setCluster,
    setCredentials,
    setContext,
    setProperty,
    unsetProperty,
    currentContext,
    useContext,
    getContexts,
    listNames('get-clusters', 'NAME', 'clusters'),
    listNames('get-users', 'NAME', 'users'),
    deleteVerb('cluster'),
    deleteVerb('context'),
    deleteVerb('user'),
    renameContext,
  ],
};
