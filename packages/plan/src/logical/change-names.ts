/* Kinds of change as TO_CHANGELOG and FROM_CHANGELOG name them, in the order of their numbers: +I, -U, +U, -D. */

export const changeNames = ['INSERT', 'UPDATE_BEFORE', 'UPDATE_AFTER', 'DELETE'] as const;
export type ChangeName = (typeof changeNames)[number];
