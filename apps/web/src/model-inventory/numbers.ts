import type { MetricValue } from '@vw/shared-contracts';

/** Doubles hold so many digits; what a subtraction leaves behind them is noise. */
const DOUBLE_DIGITS = 15;

/** What was added to `before`, with its sign, to as many decimals as the two have: `+0.012`. Null where one is no number. */
export function differenceText(now: MetricValue | undefined, before: MetricValue | undefined): string | null {
  if (typeof now !== 'number' || typeof before !== 'number') return null;
  const difference = now - before;
  if (!Number.isFinite(difference)) return null;
  const size = Math.abs(rounded(difference, Math.max(decimalsOf(now), decimalsOf(before))));
  if (size === 0) return now === before ? '0' : signed(difference, Math.abs(difference));
  return signed(difference, size);
}

function signed(difference: number, size: number): string {
  return `${difference < 0 ? '−' : '+'}${size}`;
}

function rounded(value: number, decimals: number): number {
  return decimals > 20 ? Number(value.toPrecision(6)) : Number(value.toFixed(decimals));
}

/** Digits behind the point as the number is written: 3 of 0.871, 9 of 2.5e-8. */
function decimalsOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const written = Math.min(DOUBLE_DIGITS, digits.split('.')[1]?.length ?? 0);
  return Math.max(0, written - Number(exponent));
}

/** Version numbers in their order; MLflow's are whole numbers, as text. */
export function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
