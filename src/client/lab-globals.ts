import text from '../worker/quickjs/globals.d.ts.txt';

/** The types of what a program in a ts block may use. */
export const LAB_GLOBALS: string = text;
