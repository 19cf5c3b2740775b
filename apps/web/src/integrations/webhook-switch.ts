import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import type { Connection } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { Banner } from '../ui/banner';
import { Clock } from '../ui/clock';
import { problemOf } from '../ui/problem';
import { relativeText } from '../ui/time-text';
import { IntegrationsClient } from './integrations-client';

/** Has MLflow tell of versions, tags and aliases at once. Takes effect by itself: MLflow is asked, and may refuse. */
@Component({
  selector: 'vw-webhook-switch',
  imports: [Banner, MatSlideToggle],
  templateUrl: './webhook-switch.html',
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
      padding: 20px 24px;
    }
    .toggle {
      display: flex;
      align-items: center;
      gap: 12px;
    }
  `,
})
export class WebhookSwitch {
  private readonly client = inject(IntegrationsClient);
  private readonly clock = inject(Clock);

  readonly connection = input.required<Connection>();

  protected readonly isAdmin = inject(Session).isAdmin;
  /** As it was read last, or as the switch has just left it. */
  protected readonly webhook = linkedSignal(() => this.connection().webhook);
  /** What was asked for while MLflow is asked; null otherwise. */
  protected readonly asked = signal<boolean | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly isOn = computed(() => this.asked() ?? this.webhook().enabled);
  protected readonly state = computed(() => {
    const { enabled, lastDeliveryAt } = this.webhook();
    if (this.asked() !== null) return this.asked() ? 'Registering at MLflow…' : 'Deleting at MLflow…';
    if (!enabled) return '';
    return lastDeliveryAt === null
      ? 'On. Nothing delivered yet.'
      : `On. Last delivery ${relativeText(lastDeliveryAt, this.clock.now())}.`;
  });

  protected async set(enabled: boolean): Promise<void> {
    this.failure.set(null);
    this.asked.set(enabled);
    try {
      const { webhook } = await this.client.setWebhook(enabled);
      this.webhook.set(webhook);
    } catch (error) {
      // It is as it was; MLflow's reason, in our words, says what to do.
      this.failure.set(problemOf(error).detail);
    }
    this.client.connection.reload();
    this.asked.set(null);
  }
}
