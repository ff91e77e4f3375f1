/** People whom a record gives an identity number that somebody else of the register has already: said before approval makes two of one. */
import { mendIdentityNumber } from '../../domain/identity-number';
import { recordsOf, textOf } from '../../domain/json';
import type { Path } from '../../domain/sides';
import { numberHolders } from '../register/number-holders';
import { loadRecords, resolveAliases, type Reader } from '../register/read';
import type { DwellingRecord } from '../register/records';

export type SameNumber = {
  /** As the record names them, else the register. */
  name: string;
  /** Where the other's id would stand to say that they are one; null where that cannot be said of this person. */
  sameAs: Path | null;
  other: {
    id: string;
    name: string;
    door: { id: string } & Pick<DwellingRecord['fields'], 'compound' | 'building' | 'unit' | 'floor' | 'room'>;
  };
};

type Named = { id: string; name: string; sameAs: string; change: string; number: string; path: Path };

/**
 * Of everybody whom `body` adds or corrects with a number (whole, as the record has it): who else has it and is alive, wherever they live.
 * `doorId`: the door that the record is about; somebody of the same door is not named with `sameAs`. Answers no numbers (SCO-7).
 */
export async function sameNumbers(
  db: Reader,
  communityId: string,
  body: Record<string, unknown>,
  doorId: string | null,
): Promise<SameNumber[]> {
  const named = numbersIn(body);
  if (named.length === 0) return [];
  const ids = named.flatMap(({ id, sameAs }) => [id, sameAs]).filter(Boolean);
  const aliases = await resolveAliases(db, communityId, 'resident', ids);
  const one = (id: string) => aliases.get(id) ?? id;
  const held = await loadRecords(db, communityId, 'resident', ids.map(one));
  const holders = await numberHolders(db, communityId, new Set(named.map(({ number }) => number)));
  const owners = holders.filter(({ retiredAt, fields }) => retiredAt === null && fields.presence !== 'died');
  const doors = await loadRecords(
    db,
    communityId,
    'dwelling',
    owners.map(({ dwellingId }) => dwellingId),
  );
  return named.flatMap(({ id, name, sameAs, change, number, path }) =>
    owners.flatMap((owner): SameNumber[] => {
      const door = doors.get(owner.dwellingId);
      if (owner.fields.idNumber !== number || [one(id), one(sameAs)].includes(owner.id) || !door) return [];
      const { compound, building, unit, floor, room } = door.fields;
      const isNew = change === 'moved-in' && sameAs === '' && owner.dwellingId !== doorId;
      return [
        {
          name: name || (held.get(one(id))?.fields.name ?? ''),
          sameAs: isNew ? [...path, 'sameAs'] : null,
          other: {
            id: owner.id,
            name: owner.fields.name,
            door: { id: door.id, compound, building, unit, floor, room },
          },
        },
      ];
    }),
  );
}

function numbersIn(body: Record<string, unknown>): Named[] {
  return recordsOf(body['households']).flatMap(({ record: household, index }) =>
    recordsOf(household['residents']).flatMap(({ record, index: at }): Named[] => {
      const number = mendIdentityNumber(textOf(record['idNumber']));
      if (number === '') return [];
      const [id, name, sameAs, change] = ['id', 'name', 'sameAs', 'change'].map((field) => textOf(record[field]));
      const path: Path = ['households', index, 'residents', at];
      return [{ id: id ?? '', name: name ?? '', sameAs: sameAs ?? '', change: change ?? '', number, path }];
    }),
  );
}
