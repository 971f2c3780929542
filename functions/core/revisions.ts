/** The order of revisions: decimals of any length, as providers count. */

/** Negative, zero or positive, as with `Array.sort`, for decimals of any length. */
export function compareRevisions(a: string, b: string): number {
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Two decimals as integers of the same scale. DynamoDB may write large numbers with an exponent. */
function align(a: string, b: string): [bigint, bigint] {
  const [left, right] = [parts(a), parts(b)];
  const scale = Math.max(left.fraction.length, right.fraction.length);
  const scaled = ({ sign, whole, fraction }: ReturnType<typeof parts>) =>
    BigInt(`${sign}${whole}${fraction.padEnd(scale, '0')}`);
  return [scaled(left), scaled(right)];
}

function parts(decimal: string) {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^(-?)(\d*)(?:\.(\d*))?(?:e\+?(-?\d+))?$/i.exec(decimal) ?? [];
  const shift = Number(exponent);
  if (shift === 0) return { sign, whole, fraction };
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point >= digits.length) return { sign, whole: digits.padEnd(point, '0'), fraction: '' };
  if (point <= 0) return { sign, whole: '0', fraction: '0'.repeat(-point) + digits };
  return { sign, whole: digits.slice(0, point), fraction: digits.slice(point) };
}
