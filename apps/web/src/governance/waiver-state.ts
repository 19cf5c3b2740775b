import { computed, Injectable, signal } from '@angular/core';
import { PagedUrl } from '../shell/paged-url';
import type { ListParams } from './governance-client';

const ROWS = 25;

/** Which page of waivers is shown, kept in the URL. */
@Injectable()
export class WaiverState extends PagedUrl {
  readonly rows = signal(ROWS).asReadonly();
  readonly params = computed<ListParams>(() => {
    const cursor = this.cursor();
    return { limit: this.rows(), ...(cursor === null ? {} : { cursor }) };
  });
}
