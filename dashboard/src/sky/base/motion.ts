/** Whether this person asked for less motion; read when something is about to move. */
export const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
