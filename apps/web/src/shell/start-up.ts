import { inject, Service, signal } from '@angular/core';
import { type GuardResult, Router } from '@angular/router';

/** Keeps a page that VerifyWise did not answer for from staying blank. */
@Service()
export class StartUp {
  private readonly router = inject(Router);
  private readonly failed = signal<{ url: string; error: unknown } | null>(null);

  readonly failure = this.failed.asReadonly();

  async attempt(url: string, decide: () => Promise<GuardResult>): Promise<GuardResult> {
    try {
      const result = await decide();
      this.failed.set(null);
      return result;
    } catch (error) {
      // Whatever failed here, the person sees it with its reference and can try again.
      this.failed.set({ url, error });
      return false;
    }
  }

  async tryAgain(): Promise<void> {
    const failure = this.failed();
    if (failure !== null) await this.router.navigateByUrl(failure.url);
  }
}
