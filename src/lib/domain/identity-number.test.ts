import { describe, expect, it } from 'vitest';
import {
  checkIdentityNumber,
  maskIdentityNumber,
  mendIdentityNumber,
  proposeEighteen,
  putNumbersBack,
} from './identity-number';

describe('identity number', () => {
  it('takes a number whose checksum and date hold', () => {
    expect(checkIdentityNumber('620799195403273977')).toEqual({
      ok: true,
      birthDate: '1954-03-27',
      sex: '1',
      knownProvince: true,
    });
  });

  it.each([
    ['62079919540327397', 'id_length'],
    ['620799195403273978', 'id_checksum'],
    ['620799195402303977', 'id_date'],
    ['62079919540327397A', 'id_characters'],
    ['620799540327397', 'id_first_card'],
    ['6207X9195403273977', 'id_characters'],
  ])('refuses %s with %s', (text, code) => {
    expect(checkIdentityNumber(text)).toMatchObject({ ok: false, code });
  });

  it('mends full-width digits, spaces and a lower-case x without a word', () => {
    expect(mendIdentityNumber('６２０７９９ 19980403-397x')).toBe('62079919980403397X');
  });

  it('keeps the last four when masking', () => {
    expect(maskIdentityNumber('62079919980403397X')).toBe('**************397X');
    expect(maskIdentityNumber('')).toBe('');
  });

  it('puts a masked number back where one number there looks like it, and leaves it where none or two do', () => {
    const [number, masked] = ['620799195403273977', '**************3977'];
    expect(putNumbersBack(`${masked}，${masked}在`, `房东 ${number}`)).toBe(`${number}，${number}在`);
    expect(putNumbersBack(masked, `${number} 620799196203273977`)).toBe(masked);
    expect(putNumbersBack(masked, '62079919980403397X')).toBe(masked);
    expect(putNumbersBack(`*${masked}`, number)).toBe(`*${masked}`);
  });

  it('proposes eighteen digits for a first card', () => {
    expect(proposeEighteen('620799540327397')).toMatch(/^62079919540327397[0-9X]$/);
  });
});
