import { expect, it } from 'vitest';
import { Audience } from './audience';
import { makeTestWorld, settled } from './testing/test-world';

function anAudience() {
  const world = makeTestWorld();
  const audience = new Audience(world);
  let told = 0;
  audience.join(() => (told += 1));
  return { world, audience, told: () => told };
}

it('tells at once what a worker did, once for all of one turn', async () => {
  const { audience, told } = anAudience();
  audience.tell();
  audience.tell();
  await settled();
  expect(told()).toBe(1);
  audience.tell();
  await settled();
  expect(told()).toBe(2);
});

it('tells the first of what a sync brings at once, the rest together, and never leaves the last untold', async () => {
  const { world, audience, told } = anAudience();
  audience.tellOfSync();
  await settled();
  expect(told()).toBe(1);
  for (let n = 0; n < 50; n += 1) {
    audience.tellOfSync();
    await settled();
  }
  expect(told()).toBe(1);
  await world.advance(200);
  expect(told()).toBe(2);
  await world.advance(1000);
  expect(told()).toBe(2);
  audience.tellOfSync();
  await settled();
  expect(told()).toBe(3);
});

it('has told what waited when a worker does something meanwhile', async () => {
  const { world, audience, told } = anAudience();
  audience.tellOfSync();
  audience.tellOfSync();
  await settled();
  audience.tell();
  await settled();
  expect(told()).toBe(2);
  await world.advance(1000);
  expect(told()).toBe(2);
});

it('tells nobody after its end', async () => {
  const { world, audience, told } = anAudience();
  audience.tellOfSync();
  await settled();
  audience.tellOfSync();
  audience.close();
  audience.tell();
  await world.advance(1000);
  expect(told()).toBe(1);
  expect(world.pending()).toEqual([]);
});
