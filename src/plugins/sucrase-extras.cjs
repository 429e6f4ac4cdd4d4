/** Stands for parts of sucrase that never run here, whatever is imported from them; see bundler.ts. */
Object.assign(exports, { validateOptions() {} });
