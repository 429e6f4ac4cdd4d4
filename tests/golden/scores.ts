/**
 * How many answers of each scenario are equal at least. A number may only go up:
 * raise it when a scenario gets better, and bring the code back when a test says that one got worse.
 */
export const SCORES: Readonly<Record<string, number>> = {};
