import { describe, expect, it } from 'vitest';
import { mendPartDate } from './part-date-input';

describe('mendPartDate', () => {
  it.each([
    ['19580403', '1958-04-03'],
    ['195804', '1958-04'],
    ['1958', '1958'],
    ['1958.4.3', '1958-04-03'],
    ['1958-4', '1958-04'],
    ['1958年4月3日', '1958-04-03'],
    ['１９５８', '1958'],
    [' 1958/12/01 ', '1958-12-01'],
  ])('reads %s as %s', (typed, date) => {
    expect(mendPartDate(typed)).toBe(date);
  });

  it('leaves alone what it does not understand', () => {
    expect(mendPartDate('属狗')).toBe('属狗');
    expect(mendPartDate('58年')).toBe('58年');
  });
});
