import { Component, computed, ElementRef, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { InvitedUser, Role, UserAccount, UserChange } from '@vw/shared-contracts';
import { ListWaiting } from '../ui/list-waiting';
import { ROLE_NAMES } from '../shell/roles';
import { Session } from '../shell/session';
import { Banner } from '../ui/banner';
import { Confirmation, type Question } from '../ui/confirm-dialog';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { Pager } from '../ui/pager';
import { problemOf } from '../ui/problem';
import { InviteForm } from './invite-form';
import { OnlyAdmins } from './only-admins';
import { Pages } from './pages';
import { ROLE_CHOICES } from './role-choices';
import { SettingsClient } from './settings-client';
import { ShownOnce } from './shown-once';

const SNACK_BAR_MS = 6_000;

/** Who may sign in, and as what. Nobody is deleted: the trail names them. */
@Component({
  selector: 'vw-people-tab',
  imports: [
    Banner,
    Icon,
    Instant,
    InviteForm,
    ListWaiting,
    LoadFailed,
    MatButton,
    OnlyAdmins,
    Pager,
    ShownOnce,
  ],
  templateUrl: './people-tab.html',
  styleUrl: './settings-list.scss',
})
export class PeopleTab {
  private readonly client = inject(SettingsClient);
  private readonly confirmation = inject(Confirmation);
  private readonly snackBar = inject(MatSnackBar);
  private readonly session = inject(Session);

  private readonly start = viewChild('start', { read: ElementRef<HTMLElement> });

  protected readonly isAdmin = this.session.isAdmin;
  protected readonly myId = computed(() => this.session.me()?.id ?? null);
  protected readonly roles = ROLE_CHOICES;
  protected readonly pages = new Pages();
  protected readonly people = this.client.people(this.pages.cursor);
  protected readonly range = this.pages.range(this.people.latest, ['person', 'people']);
  protected readonly isInviting = signal(false);
  /** Whose password is shown, in the only moment that it can be. */
  protected readonly invited = signal<InvitedUser | null>(null);
  /** Why the last change did not happen. */
  protected readonly refusal = signal<string | null>(null);

  protected startInvitation(): void {
    this.invited.set(null);
    this.isInviting.set(true);
  }

  protected showInvited(person: InvitedUser): void {
    this.isInviting.set(false);
    this.invited.set(person);
    this.people.reload();
  }

  /** The focus goes back to where it began. */
  protected close(): void {
    this.isInviting.set(false);
    this.invited.set(null);
    // The button is there again with the next rendering.
    setTimeout(() => this.start()?.nativeElement.focus());
  }

  /** The choice shows the stored role until another one is stored. */
  protected async setRole(person: UserAccount, choice: HTMLSelectElement): Promise<void> {
    const role = ROLE_CHOICES.find(({ role }) => role === choice.value)?.role;
    choice.value = person.role;
    if (role !== undefined && role !== person.role)
      await this.change(person, { role }, this.aboutRole(person, role));
  }

  protected async setActive(person: UserAccount, active: boolean): Promise<void> {
    await this.change(person, { active }, this.aboutActive(person, active));
  }

  protected async resetPassword(person: UserAccount): Promise<void> {
    await this.change(
      person,
      { resetPassword: true },
      {
        title: `Reset the password of ${person.name}?`,
        text: 'They get a one-time password that you see once. Their old one and their sessions end.',
        confirm: 'Reset password',
      },
    );
  }

  private async change(person: UserAccount, change: UserChange, question: Question): Promise<void> {
    this.refusal.set(null);
    this.invited.set(null);
    if (!(await this.confirmation.confirm(question))) return;
    try {
      const { oneTimePassword, ...changed } = await this.client.changePerson(person.id, change);
      if (oneTimePassword !== null) this.invited.set({ ...changed, oneTimePassword });
      this.snackBar.open(`${person.name} is changed.`, undefined, { duration: SNACK_BAR_MS });
    } catch (error) {
      // The person stays as they were; the Admin learns why.
      this.refusal.set(problemOf(error).detail);
    }
    this.people.reload();
  }

  private aboutRole(person: UserAccount, role: Role): Question {
    const whose = person.id === this.myId() ? 'You are signed out' : 'Their sessions end';
    return {
      title: `Make ${person.name} ${role === 'admin' || role === 'auditor' ? 'an' : 'a'} ${ROLE_NAMES[role]}?`,
      text: `${whose}; the next sign-in has the rights of the new role.`,
      confirm: 'Change role',
    };
  }

  private aboutActive(person: UserAccount, active: boolean): Question {
    if (active) {
      return {
        title: `Reactivate ${person.name}?`,
        text: `They may sign in again as ${ROLE_NAMES[person.role]}, with the password that they had.`,
        confirm: 'Reactivate',
      };
    }
    const isMe = person.id === this.myId();
    return {
      title: `Deactivate ${person.name}?`,
      text: isMe
        ? 'This is you: you are signed out and cannot sign in again.'
        : 'Their sessions end and they cannot sign in. What they did stays in the audit trail.',
      confirm: 'Deactivate',
    };
  }
}
