/** A door in the detail of a question, as JSON: each language says it its own way. */
import * as z from 'zod';

export const DoorDetail = z.object({
  compound: z.string(),
  building: z.string(),
  unit: z.string(),
  floor: z.number(),
  room: z.string(),
});
