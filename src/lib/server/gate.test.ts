import { isHttpError } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import { refuseBrokenForms } from './gate';

const form = (body: string) =>
  new Request('http://office.invalid/sign-in?/enter', {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=part' },
    body,
  });

test('a body that is not the form it calls itself is a mistake of whoever sent it', async () => {
  const broken = form('nothing of a form');
  refuseBrokenForms(broken);
  const error: unknown = await broken.formData().catch((thrown: unknown) => thrown);
  expect(isHttpError(error, 400)).toBe(true);
});

test('a form that can be read is read as ever', async () => {
  const whole = form('--part\r\nContent-Disposition: form-data; name="name"\r\n\r\n第一网格\r\n--part--\r\n');
  refuseBrokenForms(whole);
  expect((await whole.formData()).get('name')).toBe('第一网格');
});
