import { TestBed } from '@angular/core/testing';

/** Between two looks; what appears or closes takes a few of them. */
const PAUSE_MS = 20;
const PATIENCE_MS = 5_000;

/** Repeats the look until it succeeds, and answers what it finds. Throws its last failure after five seconds. */
export async function eventually<Found>(look: () => Found): Promise<Found> {
  for (const deadline = Date.now() + PATIENCE_MS; ; TestBed.tick()) {
    try {
      return look();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}
