/** Why a goal is missed, by the goal's own words in the report: what a profile showed. Printed only where the figure misses the goal. @type {Record<string, string>} */
export const causes = {};
