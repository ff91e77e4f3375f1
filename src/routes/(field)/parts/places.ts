/** The addresses of the phone's screens. Only ids stand in them, never a name or a number. */
export const places = {
  home: '/',
  care: '/care',
  tasks: '/tasks',
  records: '/records',
  me: '/me',
  search: '/search',
  concern: '/concern',
  building: (id: string) => `/building/${id}`,
  newDoor: (buildingId: string) => `/building/${buildingId}/new`,
  door: (id: string) => `/door/${id}`,
  people: (id: string) => `/door/${id}/people`,
  person: (id: string, residentId: string) => `/door/${id}/person/${residentId}`,
  /** With what is wrong told at once. */
  mendPerson: (id: string, residentId: string) => `/door/${id}/person/${residentId}?mend`,
  dwelling: (id: string) => `/door/${id}/dwelling`,
  relations: (id: string) => `/door/${id}/relations`,
  finish: (id: string) => `/door/${id}/finish`,
  saved: (id: string) => `/door/${id}/saved`,
  handBack: (id: string) => `/door/${id}/hand-back`,
  visit: (residentId: string) => `/care/${residentId}`,
  visitForm: (residentId: string) => `/care/${residentId}/visit`,
  record: (id: string) => `/records/${id}`,
} as const;

const withTabs: string[] = [places.home, places.care, places.tasks, places.records, places.me];

/** Whether a screen stands on one of the tabs. */
export function onTabs(pathname: string): boolean {
  return withTabs.includes(pathname);
}

/** The form of a record that stands on one screen; null for a verification, which has several. */
export function recordForm({ id, kind, target }: { id: string; kind: string; target: { id: string } }): string | null {
  if (kind === 'care-visit') return `${places.visitForm(target.id)}?record=${id}`;
  if (kind === 'concern') return `${places.concern}?record=${id}`;
  if (kind === 'hand-back') return `${places.handBack(target.id)}?record=${id}`;
  return null;
}

type Begun = { id: string; submissionId: string; kind: string; target: { id: string }; place: { step: string } };

/** The screen on which a draft goes on, once it is the one in hand. */
export function draftPlace({ id, submissionId, kind, target, place }: Begun): string {
  const form = submissionId === id ? null : recordForm({ id: submissionId, kind, target });
  return form ?? stepPlace(kind, target.id, place.step);
}

/** The screen of a step that a draft remembers. */
export function stepPlace(kind: string, targetId: string, step: string): string {
  if (kind === 'care-visit') return places.visitForm(targetId);
  if (kind === 'concern') return places.concern;
  if (kind === 'hand-back') return places.handBack(targetId);
  if (step.startsWith('person:')) return places.person(targetId, step.slice('person:'.length));
  if (step === 'people' || step === 'dwelling' || step === 'relations' || step === 'finish')
    return `${places.door(targetId)}/${step}`;
  return places.door(targetId);
}
