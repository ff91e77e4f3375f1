/** What phones are told has words and fields; an older version of the office told the same things in others. */

/**
 * One higher with each release that says something in a feed otherwise than the one before. A community that was told under a lower number is told all
 * its items anew after the start (`feeds/renew.ts`).
 */
export const shapeOfBodies = 3;
