import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { computed, inject, Service, signal } from '@angular/core';
import type { Me, PasswordInput, SetupInput, SetupState, SignInInput } from '@vw/shared-contracts';
import { firstValueFrom } from 'rxjs';

const BASE = '/api/v1';

/** Who is signed in. Invariant: `me` is null unless the server said otherwise in this page's life. */
@Service()
export class Session {
  private readonly http = inject(HttpClient);
  private readonly current = signal<Me | null>(null);

  readonly me = this.current.asReadonly();
  readonly isAdmin = computed(() => this.me()?.role === 'admin');
  /** Viewers read the inventory only. */
  readonly canReadIntegrations = computed(() => {
    const me = this.me();
    return me !== null && me.role !== 'viewer';
  });
  readonly canReadTrail = computed(() => this.isAdmin() || this.me()?.role === 'auditor');

  /** Who may read what the rules found: everyone but Viewers. */
  readonly canReadGovernance = this.canReadIntegrations;
  /** Who may attest, ask for waivers and answer for a model. */
  readonly canReview = computed(() => {
    const role = this.me()?.role;
    return role === 'admin' || role === 'reviewer';
  });

  /** Asks the server who this browser is; false where nobody is signed in. Throws where it does not answer. */
  async restore(): Promise<boolean> {
    if (this.me() !== null) return true;
    try {
      this.current.set(await firstValueFrom(this.http.get<Me>(`${BASE}/auth/me`)));
      return true;
    } catch (error) {
      if (error instanceof HttpErrorResponse && error.status === 401) return false;
      throw error;
    }
  }

  setupState(): Promise<SetupState> {
    return firstValueFrom(this.http.get<SetupState>(`${BASE}/setup`));
  }

  async setUp(input: SetupInput): Promise<void> {
    await firstValueFrom(this.http.post(`${BASE}/setup`, input));
    await this.restore();
  }

  async signIn(input: SignInInput): Promise<void> {
    await firstValueFrom(this.http.post(`${BASE}/auth/sign-in`, input));
    await this.restore();
  }

  /** The person's other sessions end. */
  async changePassword(input: PasswordInput): Promise<void> {
    await firstValueFrom(this.http.post(`${BASE}/auth/password`, input));
    this.current.update((me) => me && { ...me, mustChangePassword: false });
  }

  async signOut(): Promise<void> {
    await firstValueFrom(this.http.post(`${BASE}/auth/sign-out`, null));
    this.forget();
  }

  /** The server no longer knows this session. */
  forget(): void {
    this.current.set(null);
  }
}
