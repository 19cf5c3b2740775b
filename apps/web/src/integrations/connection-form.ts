import {
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import {
  form,
  FormField,
  FormRoot,
  max,
  min,
  required,
  submit,
  type TreeValidationResult,
} from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { MatError, MatFormField, MatHint, MatSuffix } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import type { AuthMethod, Connection, ConnectionTest } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { Banner } from '../ui/banner';
import { Confirmation } from '../ui/confirm-dialog';
import { placedAt } from '../ui/field-errors';
import { FORM_FIELDS } from '../ui/form-fields';
import { Icon } from '../ui/icon';
import { PasswordInput } from '../ui/password-input';
import { problemOf, type Problem } from '../ui/problem';
import { inputOf, keepsStoredSecret, settingsOf, type ConnectionSettings } from './connection-settings';
import { IntegrationsClient } from './integrations-client';
import { SetupNotes } from './setup-notes';
import { TestResult } from './test-result';

const METHODS: readonly { value: AuthMethod; text: string }[] = [
  { value: 'none', text: 'None' },
  { value: 'basic', text: 'Basic authentication' },
  { value: 'token', text: 'API token' },
];

const METHOD_HINTS = {
  none: 'For servers that ask for no credentials.',
  basic: 'Username and password, for servers behind HTTP basic auth.',
  token: 'Sent as a Bearer token.',
} as const;

/** The settings of the connection. Saving needs a successful test of exactly these values. */
@Component({
  selector: 'vw-connection-form',
  imports: [
    Banner,
    FormField,
    FormRoot,
    Icon,
    MatButton,
    MatButtonToggle,
    MatButtonToggleGroup,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatSlideToggle,
    MatSuffix,
    PasswordInput,
    SetupNotes,
    TestResult,
  ],
  providers: [FORM_FIELDS],
  templateUrl: './connection-form.html',
  styleUrl: './connection-form.scss',
})
export class ConnectionForm {
  private readonly client = inject(IntegrationsClient);
  private readonly confirmation = inject(Confirmation);

  readonly connection = input.required<Connection>();
  readonly saved = output();

  protected readonly isAdmin = inject(Session).isAdmin;
  protected readonly workerRuns = this.client.workerRuns;

  /** Filled once: what happens live must not take back what somebody types. */
  private readonly settings = linkedSignal<Connection, ConnectionSettings>({
    source: this.connection,
    computation: (connection, previous) => previous?.value ?? settingsOf(connection),
  });
  protected readonly methods = METHODS;
  protected readonly method = computed(() => this.settings().authMethod);
  protected readonly methodHint = computed(() => METHOD_HINTS[this.method()]);
  private readonly keepsSecret = computed(() => keepsStoredSecret(this.settings(), this.connection()));
  protected readonly secretHint = computed(() => {
    const { hasStoredPassword, hasStoredToken } = this.connection();
    if (!hasStoredPassword && !hasStoredToken) return '';
    return this.keepsSecret() ? 'Stored. Leave empty to keep' : 'Enter it again for the new server';
  });

  protected readonly fields = form(
    this.settings,
    (path) => {
      required(path.trackingServerUrl, { message: 'Enter the URL of the tracking server.' });
      required(path.requestTimeoutSeconds, { message: 'Enter a number of seconds.' });
      min(path.requestTimeoutSeconds, 1, { message: 'At least 1 second.' });
      max(path.requestTimeoutSeconds, 600, { message: 'At most 600 seconds.' });
      required(path.pollSeconds, { message: 'Enter a number of seconds, or 0.' });
      min(path.pollSeconds, 0, { message: 'At least 0 seconds.' });
      max(path.pollSeconds, 86_400, { message: 'At most 86,400 seconds, a day.' });
      required(path.username, { message: 'Enter the username.', when: () => this.method() === 'basic' });
      required(path.password, {
        message: 'Enter the password.',
        when: () => this.method() === 'basic' && !this.keepsSecret(),
      });
      required(path.apiToken, {
        message: 'Enter the API token.',
        when: () => this.method() === 'token' && !this.keepsSecret(),
      });
    },
    { submission: { action: () => this.testValues() } },
  );

  private readonly advanced = viewChild<ElementRef<HTMLDetailsElement>>('advanced');
  /** Something is set or wrong in there. */
  private readonly opensAdvanced = computed(() => {
    const { workspace, caCertificate, pollSeconds } = this.fields;
    return (
      this.connection().workspace !== null ||
      this.connection().caCertificate !== null ||
      [workspace, caCertificate, pollSeconds].some((field) => field().errors().length > 0)
    );
  });

  private readonly input = computed(() => inputOf(this.settings()));
  private readonly key = computed(() => JSON.stringify(this.input()));
  private readonly tested = signal<{ key: string; test: ConnectionTest } | null>(null);
  /** Gone with the first edit: it says something about exactly the values it tested. */
  protected readonly result = computed(() => {
    const tested = this.tested();
    return tested?.key === this.key() ? tested.test : null;
  });
  /** The form holds just what is saved. */
  protected readonly unchanged = computed(() => {
    const connection = this.connection();
    const isSaved = connection.status !== 'not-configured';
    return isSaved && this.key() === JSON.stringify(inputOf(settingsOf(connection))) ? connection : null;
  });
  protected readonly failure = signal<string | null>(null);
  protected readonly testing = signal(false);
  protected readonly saving = signal(false);
  protected readonly canSave = computed(
    () => this.isAdmin() && this.result()?.status === 'success' && !this.saving() && !this.testing(),
  );

  constructor() {
    // Opened only, never closed: somebody may be typing in there.
    effect(() => {
      const details = this.advanced()?.nativeElement;
      if (details && this.opensAdvanced()) details.open = true;
    });
  }

  protected setMethod(authMethod: AuthMethod): void {
    this.settings.update((settings) => ({ ...settings, authMethod }));
  }

  protected setVerifyTls(verifyTls: boolean): void {
    this.settings.update((settings) => ({ ...settings, verifyTls }));
  }

  protected async save(replaceSource = false): Promise<void> {
    this.failure.set(null);
    this.saving.set(true);
    const input = replaceSource ? { ...this.input(), replaceSource } : this.input();
    const problem = await this.client.save(input).then(() => null, problemOf);
    this.saving.set(false);
    if (problem === null) return this.afterSaving();
    // Nothing was saved; another server asks for a word of confirmation first.
    if (problem.code === 'source-changed') return this.confirmOtherServer(problem);
    // A submission that fails is how errors come to stand beside their fields.
    await submit(this.fields, async () => this.explain(problem));
  }

  private async testValues(): Promise<TreeValidationResult> {
    this.failure.set(null);
    this.tested.set(null);
    this.testing.set(true);
    const key = this.key();
    try {
      this.tested.set({ key, test: await this.client.testConnection(this.input()) });
      return undefined;
    } catch (error) {
      // Nothing was tested: shown beside the fields it names, or above the buttons.
      return this.explain(problemOf(error));
    } finally {
      this.testing.set(false);
    }
  }

  private afterSaving(): void {
    this.client.connection.reload();
    this.client.reloadRuns();
    this.saved.emit();
  }

  private async confirmOtherServer({ detail }: Problem): Promise<void> {
    const title = 'Connect another MLflow server?';
    // Of a server that was disconnected only the answer tells.
    const isConnected = this.connection().status !== 'not-configured';
    const present = isConnected ? `Present server: ${placeOf(this.connection())}\n` : '';
    const text =
      `${present}New server: ${placeOf(this.input())}\n\n${detail}\n\n` +
      `Nothing is deleted: records and history stay, and connecting the ${isConnected ? 'present' : 'former'} server again takes its versions back.`;
    if (await this.confirmation.confirm({ title, text, confirm: 'Connect this server' }))
      await this.save(true);
  }

  private explain(problem: Problem): TreeValidationResult {
    if (problem.errors.length === 0) this.failure.set(problem.detail);
    const { trackingServerUrl, requestTimeoutSeconds, username, password, apiToken } = this.fields;
    const { workspace, caCertificate, pollSeconds } = this.fields;
    const fields = { trackingServerUrl, requestTimeoutSeconds, username, password, apiToken };
    return placedAt(this.fields, { ...fields, workspace, caCertificate, pollSeconds }, problem.errors);
  }
}

/** The server, and which part of it is read. */
function placeOf(settings: { trackingServerUrl: string | null; workspace?: string | null }): string {
  const { trackingServerUrl, workspace } = settings;
  if (!workspace) return trackingServerUrl ?? '';
  return `${trackingServerUrl}, ${workspace === '*' ? 'all workspaces' : `workspace ${workspace}`}`;
}
