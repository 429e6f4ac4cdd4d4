/** Go types with a name of their own that are lists: the name stands for the list, not for its items. */
export const LIST_TYPES: ReadonlySet<string> = new Set(['v1.ExtraValue', 'v1.ValidationRules', 'v1.Verbs']);
