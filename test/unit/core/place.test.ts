import { type Placed, placed, placeOf } from '../../../functions/core/place.ts';

const facts: Placed = { id: 'e', gate: 'subject', ordered: true, subject: 's', revision: '7' };
const own = { subject: 'e', revision: '1' };

test('an event passes by the order of its subject, or by itself', () => {
  expect(placeOf(facts, 2)).toEqual({ subject: 's', revision: '7' });
  expect(placeOf({ ...facts, gate: 'entry' }, 2)).toEqual({ gate: 'entry' });
  expect(placeOf({ ...facts, quarantine: 'why' }, 2)).toBeUndefined();
});

test('told the format of 0.1.0, an event by itself is its own subject, without an order', () => {
  const place = placeOf({ ...facts, gate: 'entry' }, 1);
  expect(place).toEqual(own);
  expect(placed({ ...facts, gate: 'entry' }, place)).toMatchObject({
    ...own,
    gate: 'subject',
    ordered: false,
  });
});

test('an event about the subject that has its id for a name keeps its order', () => {
  const about = { ...facts, subject: 'e', revision: '1' };
  expect(placed(about, own)).toMatchObject({ ordered: true });
  expect(placed({ ...about, revision: '9' }, { subject: 'e', revision: '9' })).toMatchObject({
    ordered: true,
  });
});

test('where its order is not asked for, it keeps nobody from it', () => {
  const disorder = 'The revision is absurd.';
  const absurd = { ...facts, disorder, quarantine: disorder };
  expect(placed(absurd, { gate: 'entry' }).quarantine).toBeUndefined();
  expect(placed(absurd, own).quarantine).toBe(disorder);
  expect(
    placed({ ...absurd, quarantine: 'Its owner is unknown.' }, { gate: 'entry' }).quarantine,
  ).toBeDefined();
});
