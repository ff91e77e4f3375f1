import { afterEach, expect, test } from 'vitest';
import { overwriteGetLocale } from '$lib/paraglide/runtime';
import { refusalWord } from './refusal-words';

const id = '0190a000-0000-7000-8000-000000000001';
afterEach(() => overwriteGetLocale(() => 'zh-CN'));

test.each(['zh-CN', 'en'] as const)(
  'a file of an unknown account names its id and how it is made again: %s',
  (locale) => {
    overwriteGetLocale(() => locale);
    const words = refusalWord('account-unknown', id);
    expect(words).toContain(`create-account … --id ${id}`);
    expect(words.split(id)).toHaveLength(3);
  },
);
