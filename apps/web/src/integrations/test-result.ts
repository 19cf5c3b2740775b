import { Component, computed, input } from '@angular/core';
import type { Connection, ConnectionTest } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { STATUS_LABELS, remedyFor } from './remedies';

/** Before, during and after a test of the values in the form; of values that are saved, how the connection is. */
@Component({
  selector: 'vw-test-result',
  imports: [Icon, Instant],
  templateUrl: './test-result.html',
  styleUrl: './test-result.scss',
})
export class TestResult {
  readonly testing = input.required<boolean>();
  readonly result = input.required<ConnectionTest | null>();
  /** The connection, while the form holds just what is saved of it. */
  readonly saved = input.required<Connection | null>();
  readonly timeoutSeconds = input.required<number | null>();

  protected readonly remedy = computed(() => {
    const result = this.result();
    return result === null || result.code === null ? null : remedyFor(result.code, result.message);
  });
  protected readonly label = computed(() => STATUS_LABELS[this.saved()?.status ?? 'not-configured']);
  protected readonly state = computed(() => {
    const error = this.saved()?.lastError ?? null;
    if (error === null) return `${this.label().text} with these settings`;
    return `${this.label().text}: ${remedyFor(error.code, error.message).title}`;
  });
  /** Warning where an Admin must act, error where MLflow failed. */
  protected readonly tone = computed(() => {
    const code = this.result()?.code ?? '';
    return NEEDS_ADMIN.has(code) ? STATUS_LABELS['action-required'] : STATUS_LABELS.error;
  });
}

const NEEDS_ADMIN = new Set<string>([
  'mlflow-unauthorized',
  'mlflow-forbidden',
  'mlflow-tls',
  'mlflow-redirected',
  'mlflow-not-mlflow',
  'mlflow-unsupported',
  'egress-denied',
  'credential-unreadable',
]);
