/** Household verification: what a definition cannot say, because it lies between answers or between the form and the register. */
import { dayOf } from '../../domain/calendar';
import { ageOn, isDay } from '../../domain/part-date';
import type { Finding, FormContext } from '../finding';
import { asRecord, isFilled, textOf } from '../../domain/json';
import { leavesVacantLivedIn } from '../../domain/lived-in';
import { registeredResidents } from '../../domain/door-like';
import { checkHeads } from './heads';
import { allListed, type ListedHousehold, readListing } from './listing';
import { checkAccounted, checkChange, checkHouseholds, checkListedOnce } from './people';
import { isOutsiderKind, planVerification } from '../../domain/verification';
import { checkDates, checkNumbersOnce, checkPerson, checkReasons } from './person';
import { checkVisitedAt } from './visited-at';

type Findings = { problems: Finding[]; warnings: Finding[] };

export function checkVerification(body: Record<string, unknown>, context: FormContext): Findings {
  const outcome = textOf(body['outcome']);
  const answered = outcome === 'verified' || outcome === 'partly-verified';
  const visited = checkVisitedAt(body, context);
  const address = checkAddress(body, context);
  if (!answered)
    return {
      problems: [
        ...visited.problems,
        ...address,
        ...checkVacant(outcome, context),
        ...(outcome === 'moved-away' ? checkLeaving(body, context) : []),
      ],
      warnings: [
        ...visited.warnings,
        ...warnAboutNextVisit(body, context),
        ...(outcome === 'moved-away' && context.door && registeredResidents(context.door).length === 0
          ? [{ path: ['outcome'], code: 'nobody_registered' }]
          : []),
        ...warnAboutDoorless(outcome, context),
      ],
    };

  const informant = asRecord(body['informant']);
  const listing = readListing(body, context.door);
  const isOutsiderTo = outsiderOf(informant, listing);
  const how = textOf(body['how']);
  const people = allListed(listing).map((listed) =>
    checkPerson(listed, { how, byOutsider: isOutsiderTo(listed.householdId) }, context),
  );
  return {
    problems: [
      ...visited.problems,
      ...address,
      ...checkInformant(informant),
      ...(body['noticeGiven'] === false ? [{ path: ['noticeGiven'], code: 'notice_not_given' }] : []),
      ...checkAccounted(outcome, listing, context.door),
      ...checkListedOnce(listing),
      ...checkHouseholds(listing),
      ...checkUse(body, context),
      ...allListed(listing).flatMap((listed) => checkChange(listed, context.door, isOutsiderTo(listed.householdId))),
      ...checkNumbersOnce(allListed(listing)),
      ...listing.flatMap((household) => checkHeads(household, listing, context.door)),
      ...people.flatMap(({ problems }) => problems),
    ],
    warnings: [
      ...visited.warnings,
      ...warnAboutNextVisit(body, context),
      ...warnAboutInformant(informant, context),
      ...checkReasons({ path: ['dwelling'], body: asRecord(body['dwelling']) ?? {} }),
      ...listing.flatMap(checkReasons),
      ...people.flatMap(({ warnings }) => warnings),
    ],
  };
}

/** Whether the informant is an outsider to a household: not to the own one, whatever kind of informant they are to the others. */
function outsiderOf(
  informant: Record<string, unknown> | null,
  listing: ListedHousehold[],
): (householdId: string) => boolean {
  if (!isOutsiderKind(informant?.['kind'])) return () => false;
  const id = textOf(informant?.['residentId']);
  const own = listing.filter(
    ({ residents, registered }) =>
      residents.some((listed) => listed.id === id) || registered?.residents.some((resident) => resident.id === id),
  );
  return (householdId) => id === '' || !own.some((household) => household.id === householdId);
}

function warnAboutNextVisit(body: Record<string, unknown>, context: FormContext): Finding[] {
  const next = textOf(body['nextVisit']);
  const today = context.today ?? (Number.isNaN(Date.parse(context.recordedAt)) ? '' : dayOf(context.recordedAt));
  return isDay(next) && next < today ? [{ path: ['nextVisit'], code: 'next_visit_past' }] : [];
}

/** A registered resident by id, or a name. */
function checkInformant(informant: Record<string, unknown> | null): Finding[] {
  if (!informant || isFilled(informant['residentId']) || isFilled(informant['name'])) return [];
  return [{ path: ['informant', 'name'], code: 'required' }];
}

function warnAboutInformant(informant: Record<string, unknown> | null, context: FormContext): Finding[] {
  if (Number.isNaN(Date.parse(context.recordedAt))) return [];
  const resident = registeredResidents(context.door).find(({ id }) => id === informant?.['residentId']);
  const age = resident ? ageOn(resident.birthDate, dayOf(context.recordedAt)) : null;
  return age !== null && age < 18 ? [{ path: ['informant'], code: 'informant_under_18' }] : [];
}

function checkVacant(outcome: string, context: FormContext): Finding[] {
  if (outcome !== 'vacant' || registeredResidents(context.door).length === 0) return [];
  return [{ path: ['outcome'], code: 'vacant_but_registered' }];
}

/** People at a door whose use is *vacant*: what it is used for now is asked, where neither form nor register says anything else. */
function checkUse(body: Record<string, unknown>, { door }: FormContext): Finding[] {
  if (!leavesVacantLivedIn(door ?? null, planVerification(door ?? null, body))) return [];
  return [{ path: ['dwelling', 'use'], code: 'use_of_lived_in' }];
}

/** A whole household that left: nobody of it stays or comes, and it went on no day to come. */
function checkLeaving(body: Record<string, unknown>, context: FormContext): Finding[] {
  const listing = readListing(body, context.door);
  return [
    ...checkListedOnce(listing),
    ...allListed(listing).flatMap((listed) => [
      ...(listed.change === 'moved-away'
        ? checkChange(listed, context.door, false)
        : [{ path: [...listed.path, 'change'], code: 'not_relevant' }]),
      ...checkDates(listed, context),
    ]),
  ];
}

/** A door that is none, or no dwelling, goes out of the register: whoever is registered there would be at no door any more. */
function warnAboutDoorless(outcome: string, context: FormContext): Finding[] {
  const people = registeredResidents(context.door);
  if ((outcome !== 'no-such-door' && outcome !== 'not-a-dwelling') || people.length === 0) return [];
  const names = people.map(({ name }) => name).join('、');
  return [{ path: ['outcome'], code: 'people_without_door', params: { names, count: people.length } }];
}

/** A dwelling that the register lacks is proposed with its grid and its whole address (区不漏房). */
function checkAddress(body: Record<string, unknown>, context: FormContext): Finding[] {
  if (context.door || context.addressKnown) return [];
  const dwelling = asRecord(body['dwelling']) ?? {};
  const problems: Finding[] = [];
  for (const name of ['gridId', 'compound', 'building', 'floor'])
    if (!isFilled(dwelling[name])) problems.push({ path: ['dwelling', name], code: 'address_incomplete' });
  if (isFilled(dwelling['unit']) && !isFilled(dwelling['room']))
    problems.push({ path: ['dwelling', 'room'], code: 'address_incomplete' });
  return problems;
}
