import {
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { IntegrationsClient } from '../integrations/integrations-client';
import { Clipped } from '../ui/clipped';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { problemOf } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { AsOfBar } from './as-of-bar';
import { ChangeHistory } from './change-history';
import { CompareVersions } from './compare-versions';
import { GovernanceSection } from './governance-section';
import { InventoryClient } from './inventory-client';
import { KnownFrom } from './known-from';
import { mlflowUrlOf } from './mlflow-url';
import { siblingsOf } from './siblings';
import { StageMark } from './stage-mark';
import { VersionFacts } from './version-facts';
import { type VersionChoice, VersionPicker } from './version-picker';

/** Heights of the parts to come, in pixels: metadata, description, tags, metrics, parameters. */
const WAITING: readonly number[] = [80, 20, 24, 192, 80];

/** Characters of a name and its aliases that the heading has room for beside the actions. */
const ONE_LINE = 26;

/** One version with all that is known of it. Stands beside the list, which stays usable. */
@Component({
  selector: 'vw-version-drawer',
  imports: [
    AsOfBar,
    ChangeHistory,
    Clipped,
    CompareVersions,
    EmptyState,
    GovernanceSection,
    Icon,
    Instant,
    KnownFrom,
    LoadFailed,
    MatButton,
    MatIconButton,
    Skeleton,
    StageMark,
    VersionFacts,
    VersionPicker,
  ],
  templateUrl: './version-drawer.html',
  styleUrl: './version-drawer.scss',
  host: { role: 'dialog', 'aria-modal': 'false', 'aria-labelledby': 'version-heading' },
})
export class VersionDrawer {
  private readonly client = inject(InventoryClient);
  private readonly connection = inject(IntegrationsClient).connection;
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');
  private readonly compareButton = viewChild.required('compare', { read: ElementRef<HTMLElement> });
  private readonly asOfButton = viewChild.required('choose', { read: ElementRef<HTMLElement> });

  readonly id = input.required<string>();
  /** The version to compare with; null where none is. */
  readonly compareId = input<string | null>(null);
  /** ISO-8601: the version as it was then; null: as it is today. */
  readonly asOf = input<string | null>(null);
  /** Whether the list shows a version before this one, and behind it. */
  readonly hasPrevious = input.required<boolean>();
  readonly hasNext = input.required<boolean>();
  readonly closed = output();
  readonly stepped = output<1 | -1>();
  /** Another version of the model is to be shown. */
  readonly picked = output<string>();
  readonly compared = output<string | null>();
  readonly asOfChosen = output<string | null>();

  protected readonly version = this.client.version(this.id, this.asOf);
  protected readonly course = this.client.metricCourse(this.id);
  private readonly named = this.client.versionsNamedAs(this.version.value);
  protected readonly siblings = computed(() => {
    const shown = this.version.value();
    return shown === undefined ? [] : siblingsOf(shown, this.named.value()?.items ?? [], this.course.value());
  });
  protected readonly others = computed(() => this.siblings().filter(({ id }) => id !== this.id()));
  /** The version before this one, or where this is the first, the one after it. */
  private readonly nearest = computed(() => {
    const siblings = this.siblings();
    const at = siblings.findIndex(({ id }) => id === this.id());
    const isAnother = ({ version }: VersionChoice): boolean => version !== siblings[at]?.version;
    return siblings.slice(at).find(isAnother) ?? siblings.slice(0, at).findLast(isAnother) ?? null;
  });
  readonly canCompare = computed(() => this.nearest() !== null);
  /** Whether name and aliases leave no room for the actions in their line. */
  protected readonly isTall = computed(() => {
    const { modelName = '', aliases = [] } = this.version.value() ?? {};
    return modelName.length + aliases.join('@').length > ONE_LINE;
  });
  protected readonly mlflowUrl = computed(() => {
    const [version, connection] = [this.version.value(), this.connection.value()];
    // What MLflow shows is the present.
    if (version === undefined || connection === undefined || this.asOf() !== null) return null;
    return mlflowUrlOf(version, connection);
  });
  /** Where nothing was known at the instant: the version as it is today, which knows since when. */
  private readonly unknownId = computed(() => {
    const failure = this.version.failure();
    const wasUnknown =
      this.asOf() !== null && failure !== undefined && problemOf(failure).code === 'not-found';
    return wasUnknown ? this.id() : null;
  });
  protected readonly today = this.client.version(this.unknownId);
  protected readonly firstSeenAt = computed(() => this.today.value()?.firstSeenAt ?? null);
  /** Not while it may still turn out that the version was only not known yet. */
  protected readonly failure = computed(() => {
    if (this.unknownId() === null) return this.version.failure();
    return this.today.failure();
  });
  /** Open without an instant until one is chosen. */
  protected readonly isChoosingAsOf = linkedSignal({ source: this.id, computation: () => false });
  protected readonly waiting = WAITING;

  constructor() {
    // Opening, and moving to another row, puts the reader at the heading.
    effect(() => {
      this.id();
      this.heading()?.nativeElement.focus();
    });
  }

  /** Compares with the version before, or ends that. */
  toggleCompare(): void {
    if (this.compareId() !== null) this.compared.emit(null);
    else if (this.nearest() !== null) this.compared.emit(this.nearest()?.id ?? null);
  }

  /** Back to the one version; what had the focus within the comparison is gone. */
  endCompare(): void {
    this.compared.emit(null);
    this.compareButton().nativeElement.focus();
  }

  protected retry(): void {
    this.version.reload();
    this.today.reload();
  }

  protected chooseAsOf(at: string | null): void {
    this.isChoosingAsOf.set(false);
    // The bar goes with the instant, and with another one the words that nothing was known: what had the focus is gone.
    if (at === null || this.firstSeenAt() !== null) this.asOfButton().nativeElement.focus();
    if (at !== this.asOf()) this.asOfChosen.emit(at);
  }

  /** A button at its end keeps the focus, so it can still be pressed. */
  protected step(by: 1 | -1): void {
    if (by === 1 ? this.hasNext() : this.hasPrevious()) this.stepped.emit(by);
  }
}
