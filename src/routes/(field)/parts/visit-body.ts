/** The body of a care visit while it is being filled in. */
import type { Code } from '$lib/domain/codes/codes';
import type { Condition } from './condition-words';

export type Hazard = Code<'hazard'>;
export type VisitBody = {
  outcome: Code<'care-outcome'> | null;
  present: Code<'contact-mode'>;
  spokeWith?: Code<'informant-kind'> | null;
  services: { code: Code<'care-service'>; minutes: number }[];
  condition: Record<Condition, number | null>;
  hazards: Hazard[];
  needs: { text: string; urgency: Code<'urgency'> }[];
  nextVisit: string | null;
  note: string;
  visitedAt?: string | null;
  stopVisits?: boolean;
  withVolunteers: string[];
};

export function emptyVisit(): VisitBody {
  return {
    outcome: null,
    present: 'in-person',
    services: [],
    condition: { mood: null, mobility: null, eating: null, home: null },
    hazards: [],
    needs: [],
    nextVisit: null,
    note: '',
    withVolunteers: [],
  };
}

/** Where the app shows 110, 119 and 120 first and the coordinator is told at once. */
export function isGrave(hazards: readonly Hazard[]): boolean {
  return (['self-harm', 'neglect', 'co', 'gas'] as const).some((grave) => hazards.includes(grave));
}

/** What belongs to the outcome: nobody met, no condition; by telephone nobody sees how somebody walks or lives. */
export function wholeVisit(body: VisitBody): VisitBody {
  const met = body.outcome === 'met';
  const seen = met && body.present !== 'telephone';
  const { mood, mobility, eating, home } = body.condition;
  return {
    ...body,
    services: met ? body.services : [],
    condition: {
      mood: met ? mood : null,
      mobility: seen ? mobility : null,
      eating: met ? eating : null,
      home: seen ? home : null,
    },
    needs: body.needs.filter(({ text }) => text.trim() !== ''),
  };
}
