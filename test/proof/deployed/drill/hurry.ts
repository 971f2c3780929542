/** How many times as fast as it would be time passes for a drill in a process of its own. */
export const HURRY = 30;
