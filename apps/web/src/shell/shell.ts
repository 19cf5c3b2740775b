import { Component, computed, DestroyRef, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatIconButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import {
  ActivatedRoute,
  NavigationEnd,
  Router,
  RouterLink,
  RouterLinkActive,
  RouterOutlet,
} from '@angular/router';
import { filter, map } from 'rxjs';
import { GovernanceClient } from '../governance/governance-client';
import { IntegrationsClient } from '../integrations/integrations-client';
import { Icon } from '../ui/icon';
import { counted } from '../ui/time-text';
import { Keyboard } from './keyboard';
import { LiveEvents } from './live-events';
import { ROLE_NAMES } from './roles';
import { Session } from './session';
import { Theme } from './theme';

interface Crumb {
  text: string;
  path?: string;
}

/** What fits beside a name in the menu; the whole number is in its text. */
const BRIEF = new Intl.NumberFormat('en-US', { notation: 'compact' });

/** What surrounds every page: navigation, breadcrumbs, the person's menu. */
@Component({
  selector: 'vw-shell',
  imports: [
    Icon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
  ],
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
})
export class Shell {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly live = inject(LiveEvents);
  private readonly route = inject(ActivatedRoute);
  private readonly client = inject(IntegrationsClient);
  private readonly governance = inject(GovernanceClient);

  protected readonly theme = inject(Theme);
  protected readonly keyboard = inject(Keyboard);
  protected readonly me = this.session.me;
  protected readonly connection = this.client.connection.value;
  protected readonly workerRuns = this.client.workerRuns;
  protected readonly showsIntegrations = this.session.canReadIntegrations;
  protected readonly showsGovernance = this.session.canReadGovernance;
  /** What waits for a Reviewer: reviews and answers to waivers; null while there is nothing, or nothing known. */
  protected readonly waiting = computed(() => {
    const [gaps, waivers] = [this.governance.openGaps() ?? 0, this.governance.waiversWaiting() ?? 0];
    const texts = [
      gaps > 0 ? counted(gaps, 'gap') : '',
      waivers > 0 ? `${counted(waivers, 'waiver')} waiting` : '',
    ];
    const text = texts.filter((one) => one !== '').join(', ');
    return text === '' ? null : { brief: BRIEF.format(gaps + waivers), text };
  });
  protected readonly showsAudit = this.session.canReadTrail;
  protected readonly roleName = computed(() => ROLE_NAMES[this.me()?.role ?? 'viewer']);
  protected readonly initials = computed(() => initialsOf(this.me()?.name ?? ''));
  protected readonly crumbs = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(() => this.crumbsOfPage()),
    ),
    { initialValue: this.crumbsOfPage() },
  );

  constructor() {
    this.live.open();
    inject(DestroyRef).onDestroy(() => this.live.close());
  }

  protected async signOut(): Promise<void> {
    await this.session.signOut();
    await this.router.navigateByUrl('/sign-in');
  }

  protected skipToContent(event: Event): void {
    event.preventDefault();
    document.getElementById('content')?.focus();
  }

  private crumbsOfPage(): Crumb[] {
    const crumbs: unknown = this.route.snapshot.firstChild?.data['crumbs'];
    return Array.isArray(crumbs) ? crumbs : [];
  }
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => Array.from(word ?? '')[0] ?? '',
  );
  return letters.join('').toUpperCase();
}
