/** What phones are told has words and fields, and rounds count doors; an older version of the office told and counted the same things otherwise. */

/**
 * One higher with each release that says something in a feed, or has a door in a round, otherwise than the one before. A community that was told under a
 * lower number is told all its items, and its doors are counted, anew after the start (`feeds/renew.ts`).
 */
export const shapeOfBodies = 4;
