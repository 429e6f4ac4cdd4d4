/** Apart from what else the site uses of the simulator: the types of all kinds are fetched with the editor only. */
export { manifestKinds } from 'sim-core/manifest-kinds';
