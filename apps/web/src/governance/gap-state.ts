import { computed, Injectable, signal } from '@angular/core';
import type { Requirement, Stage } from '@vw/shared-contracts';
import { STAGE_ORDER } from '../model-inventory/stages';
import { PagedUrl } from '../shell/paged-url';
import type { ListParams } from './governance-client';
import { REQUIREMENTS } from './review-words';

/** More than most organizations have gaps; one screen and a half. */
const ROWS = 25;
/** As long as the wire takes it, in characters. */
const SEARCH_LENGTH = 512;

/** What the list of gaps shows, kept in the URL. */
@Injectable()
export class GapState extends PagedUrl {
  readonly rows = signal(ROWS).asReadonly();
  readonly search = computed(() => (this.query().get('search') ?? '').slice(0, SEARCH_LENGTH));
  /** What the URL holds may have been typed by hand: anything unknown is left out. */
  readonly stage = computed(() => STAGE_ORDER.find((stage) => stage === this.query().get('stage')) ?? null);
  readonly requirement = computed(() => requirementOf(this.query().get('requirement')));
  readonly isFiltered = computed(
    () => this.search() !== '' || this.stage() !== null || this.requirement() !== null,
  );

  readonly filters = computed<ListParams>(() => {
    const stage = this.stage();
    const requirement = this.requirement();
    return {
      ...(this.search() === '' ? {} : { search: this.search() }),
      ...(stage === null ? {} : { stage }),
      ...(requirement === null ? {} : { requirement }),
    };
  });
  readonly params = computed<ListParams>(() => {
    const cursor = this.cursor();
    return { limit: this.rows(), ...this.filters(), ...(cursor === null ? {} : { cursor }) };
  });

  setSearch(search: string): void {
    if (search !== this.search())
      this.restart({ search: search === '' ? null : search }, { replaceUrl: true });
  }

  setStage(stage: Stage | null): void {
    this.restart({ stage });
  }

  setRequirement(requirement: string | null): void {
    this.restart({ requirement: requirementOf(requirement) });
  }

  clearFilters(): void {
    this.restart({ search: null, stage: null, requirement: null });
  }
}

function requirementOf(text: string | null): Requirement | null {
  return REQUIREMENTS.find(({ requirement }) => requirement === text)?.requirement ?? null;
}
