import { bold, red } from '../../../cli/table.ts';

afterEach(() => {
  delete process.env.NO_COLOR;
});

test('what is painted ends where it ends, so that one style may stand in another', () => {
  expect(red('dead')).toBe('\u001b[31mdead\u001b[39m');
  expect(bold(`a ${red('dead')} event`)).toBe('\u001b[1ma \u001b[31mdead\u001b[39m event\u001b[22m');
});

test.each([
  ['1', 'dead'],
  // https://no-color.org: empty is as if it were not set.
  ['', '\u001b[31mdead\u001b[39m'],
])('with NO_COLOR=%p', (value, expected) => {
  process.env.NO_COLOR = value;
  expect(red('dead')).toBe(expected);
});
