import { afterNextRender, Component, ElementRef, inject, output, signal } from '@angular/core';
import {
  form,
  FormField,
  FormRoot,
  maxLength,
  required,
  type TreeValidationResult,
  validate,
} from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import type { ApiKeyScope, CreatedApiKey } from '@vw/shared-contracts';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { problemOf } from '../ui/problem';
import { SettingsClient } from './settings-client';
import { FORM_FIELDS } from '../ui/form-fields';

const DAY_MS = 86_400_000;

const SCOPES: readonly { scope: ApiKeyScope; may: string }[] = [
  { scope: 'read', may: 'reads models, syncs, findings and entries; no people, keys or trail' },
  { scope: 'sync', may: 'asks for a sync' },
  { scope: 'gate', may: 'asks the promotion gate' },
];

/** The server takes a year at most. */
const LIVES = [
  { days: '30', text: '30 days' },
  { days: '90', text: '90 days' },
  { days: '180', text: '180 days' },
  { days: '365', text: '1 year' },
] as const;

/** Makes a key for a program. */
@Component({
  selector: 'vw-key-form',
  imports: [Banner, FormField, FormRoot, MatButton, MatError, MatFormField, MatInput],
  providers: [FORM_FIELDS],
  templateUrl: './key-form.html',
  styleUrl: './settings-form.scss',
})
export class KeyForm {
  private readonly client = inject(SettingsClient);

  readonly created = output<CreatedApiKey>();
  readonly cancelled = output();

  protected readonly scopes = SCOPES;
  protected readonly lives = LIVES;
  protected readonly failure = signal<string | null>(null);
  private readonly values = signal({ name: '', read: false, sync: false, gate: false, days: '90' });
  protected readonly key = form(
    this.values,
    (path) => {
      required(path.name, { message: 'Enter a name, the pipeline for example.' });
      maxLength(path.name, 200, { message: 'Use at most 200 characters.' });
      validate(path, ({ value }) => {
        const { read, sync, gate } = value();
        return read || sync || gate ? undefined : { kind: 'scopes', message: 'Choose what the key may do.' };
      });
    },
    { submission: { action: () => this.create() } },
  );

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef);
    afterNextRender(() => host.nativeElement.querySelector('input')?.focus());
  }

  private async create(): Promise<TreeValidationResult> {
    this.failure.set(null);
    const values = this.values();
    const scopes = SCOPES.map(({ scope }) => scope).filter((scope) => values[scope]);
    const expiresAt = new Date(Date.now() + Number(values.days) * DAY_MS).toISOString();
    try {
      this.created.emit(await this.client.createKey({ name: values.name, scopes, expiresAt }));
      return undefined;
    } catch (error) {
      // No key was made: shown beside the fields it names, or above them.
      const problem = problemOf(error);
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      return placedAt(this.key, { name: this.key.name, expiresAt: this.key.days }, problem.errors);
    }
  }
}
