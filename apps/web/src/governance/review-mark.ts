import { Component, computed, input } from '@angular/core';
import type { Review } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { STATES } from './review-words';

/** `3 Nov`: the year is in the title, and in the drawer. */
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** One review of a version in a cell: when it was attested, or what is wrong with it. */
@Component({
  selector: 'vw-review-mark',
  imports: [Icon, Instant],
  template: `
    @switch (review().state) {
      @case ('attested') {
        <vw-icon class="tone-ok" name="check-circle" [size]="16" />
        <span class="visually-hidden">Attested </span>
        @if (review().attestation; as attestation) {
          <vw-instant class="muted num" [at]="attestation.attestedAt" />
        }
      }
      @case ('not-required') {
        <span class="small muted">Not required</span>
      }
      @default {
        <span class="chip" [class]="words().tone" [title]="review().reason">
          <vw-icon [name]="words().icon" [size]="14" />{{ words().text }}
          @if (expired(); as expired) {
            <time [attr.datetime]="expired.at">{{ expired.day }}</time>
          }
        </span>
      }
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
    }
    /* Three columns of reviews leave no room for the day, which is in the title too. */
    @media (min-width: 960px) and (max-width: 1239.98px) {
      time {
        display: none;
      }
    }
  `,
})
export class ReviewMark {
  readonly review = input.required<Review>();

  protected readonly words = computed(() => STATES[this.review().state]);
  protected readonly expired = computed(() => {
    const { state, attestation } = this.review();
    return state === 'expired' && attestation !== null
      ? { at: attestation.expiresAt, day: DAY.format(new Date(attestation.expiresAt)) }
      : null;
  });
}
