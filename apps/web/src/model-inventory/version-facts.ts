import { Component, computed, input } from '@angular/core';
import type { MetricCourse, ModelVersionDetail } from '@vw/shared-contracts';
import { Clipped } from '../ui/clipped';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LongText } from '../ui/long-text';
import { entriesOf } from './entries';
import { MetricTable } from './metric-table';
import { StageMark } from './stage-mark';
import { TagList } from './tag-list';

/** The heading has room for two lines on a phone, of about so many characters in all; a longer name is written out. */
const LONG_NAME = 40;

const RUN_NOTES = {
  active: '',
  deleted: 'The run is deleted in MLflow; its data are kept.',
  missing: 'The run is gone from MLflow; these are the last known values.',
  unreadable: 'The account may not read this run; these are the last known values.',
} as const;

/** What MLflow says of one version, in the guide's order. */
@Component({
  selector: 'vw-version-facts',
  imports: [Clipped, CopyButton, Icon, Instant, LongText, MetricTable, StageMark, TagList],
  templateUrl: './version-facts.html',
  styleUrl: './version-facts.scss',
})
export class VersionFacts {
  readonly version = input.required<ModelVersionDetail>();
  /** How its metrics went over the versions of its model; undefined where only its own values are shown. */
  readonly course = input<MetricCourse>();

  protected readonly hasLongName = computed(() => this.version().modelName.length > LONG_NAME);
  protected readonly tags = computed(() => entriesOf(this.version().tags));
  protected readonly modelTags = computed(() => entriesOf(this.version().modelTags));
  protected readonly metrics = computed(() => entriesOf(this.version().metrics));
  protected readonly parameters = computed(() => entriesOf(this.version().parameters));
  /** Where metrics and parameters come from. */
  protected readonly evidence = computed(() => {
    const { run, runId, experiment } = this.version();
    if (run !== null) return 'From the linked run';
    if (runId !== null) return 'The run could not be read yet.';
    const isLogged = this.metrics().length > 0 || this.parameters().length > 0 || experiment !== null;
    return isLogged ? 'From the logged model' : 'This version has no run in MLflow.';
  });
  /** In place of a commit and of datasets; a run that is not read may name them. */
  protected readonly noOrigin = computed(() => {
    const { run, runId } = this.version();
    const isRead = runId === null || run?.state === 'active' || run?.state === 'deleted';
    return isRead ? 'None named in MLflow' : 'Unknown: the run cannot be read';
  });
  protected readonly runNote = computed(() => {
    const { run } = this.version();
    return run === null ? '' : RUN_NOTES[run.state];
  });
}
