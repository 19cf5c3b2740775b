import { Component, computed, input } from '@angular/core';

const WIDTH = 96;
const HEIGHT = 22;
/** Room for the dot, in pixels. */
const EDGE = 3;

interface Point {
  x: number;
  y: number;
}

/** A small line of values in their order, with gaps where there is none, and a dot at one of them. The numbers stand elsewhere. */
@Component({
  selector: 'vw-sparkline',
  template: `
    <svg [attr.viewBox]="viewBox" [attr.width]="width" [attr.height]="height" aria-hidden="true">
      <path [attr.d]="path()" />
      @if (dot(); as dot) {
        <circle [attr.cx]="dot.x" [attr.cy]="dot.y" r="2.5" />
      }
    </svg>
  `,
  styles: `
    :host {
      display: inline-flex;
    }
    svg {
      max-width: 100%;
    }
    path {
      fill: none;
      stroke: var(--mat-sys-primary);
      stroke-width: 1.5;
      stroke-linejoin: round;
      stroke-linecap: round;
    }
    circle {
      fill: var(--mat-sys-primary);
    }
  `,
})
export class Sparkline {
  readonly values = input.required<readonly (number | null)[]>();
  /** Place of the dot among the values; -1 for none. */
  readonly dotAt = input.required<number>();

  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly viewBox = `0 0 ${WIDTH} ${HEIGHT}`;
  private readonly points = computed(() => placed(this.values()));
  protected readonly path = computed(() => lineOf(thinned(this.points())));
  protected readonly dot = computed(() => this.points()[this.dotAt()] ?? null);
}

function placed(values: readonly (number | null)[]): (Point | null)[] {
  const numbers = values.filter((value) => value !== null);
  const least = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const most = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  // Halves: the distance between the largest and the smallest double is none.
  const range = most / 2 - least / 2;
  const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1);
  return values.map((value, at) => {
    if (value === null) return null;
    const share = range === 0 ? 0.5 : (value / 2 - least / 2) / range;
    return { x: tenth(EDGE + at * step), y: tenth(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)) };
  });
}

/** Where more points than pixels are, the highest and the lowest of each pixel. */
function thinned(points: readonly (Point | null)[]): readonly (Point | null)[] {
  if (points.length <= 2 * WIDTH) return points;
  const columns = new Map<number, [Point, Point]>();
  for (const point of points) {
    if (point === null) continue;
    const [top, bottom] = columns.get(Math.round(point.x)) ?? [point, point];
    columns.set(Math.round(point.x), [point.y < top.y ? point : top, point.y > bottom.y ? point : bottom]);
  }
  return [...columns.values()].flat();
}

function lineOf(points: readonly (Point | null)[]): string {
  return points
    .map((point, at) => (point === null ? '' : `${points[at - 1] ? 'L' : 'M'}${point.x} ${point.y}`))
    .join('');
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
