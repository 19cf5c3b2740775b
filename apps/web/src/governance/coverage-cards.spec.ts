import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { GovernanceSummary, Requirement } from '@vw/shared-contracts';
import { CoverageCards } from './coverage-cards';
import { SUMMARY } from './governance.fixture';

describe('the coverage of the reviews', () => {
  let fixture: ComponentFixture<CoverageCards>;
  let picked: (Requirement | null)[];

  const open = async (summary: GovernanceSummary, chosen: Requirement | null = null) => {
    fixture = TestBed.createComponent(CoverageCards);
    fixture.componentRef.setInput('summary', summary);
    fixture.componentRef.setInput('chosen', chosen);
    picked = [];
    fixture.componentInstance.picked.subscribe((requirement) => picked.push(requirement));
    await fixture.whenStable();
  };
  const cards = () => {
    const page: HTMLElement = fixture.nativeElement;
    return Array.from(page.querySelectorAll('section'), (card) =>
      card.textContent?.replace(/\s+/g, ' ').trim(),
    );
  };
  const click = (name: string) => {
    const page: HTMLElement = fixture.nativeElement;
    Array.from(page.querySelectorAll('button'))
      .find((button) => button.textContent?.trim() === name)
      ?.click();
  };

  it('says in words what the bar shows, and leaves out what is none', async () => {
    await open(SUMMARY);
    expect(cards()[0]).toBe('Bias assessment 100 %38 of 38 live versions38 attested');
    expect(cards()[1]).toBe(
      'Security review 89 %34 of 38 live versions34 attested2 missing1 expired1 failed',
    );
  });

  it('never rounds up to all of them', async () => {
    const [bias, ...rest] = SUMMARY.requirements;
    if (bias === undefined) throw new Error('no card');
    await open({
      ...SUMMARY,
      live: 1_000,
      requirements: [{ ...bias, covered: 999, missing: 1 }, ...rest],
    });
    expect(cards()[0]).toContain('99 %');
  });

  it('calls what was not evaluated unknown, not nothing', async () => {
    const requirements = SUMMARY.requirements.map((one) => ({
      ...{ ...one, covered: 0, missing: 0, expired: 0, failed: 0, unknown: 38 },
    }));
    await open({ ...SUMMARY, evaluatedAt: null, requirements });
    expect(cards()[0]).toContain('Unknown38 live versions');
    expect(cards()[0]).not.toContain('%');
  });

  it('says that no version is live', async () => {
    const requirements = SUMMARY.requirements.map((one) => ({
      ...{ ...one, covered: 0, missing: 0, expired: 0, failed: 0, unknown: 0 },
    }));
    await open({ ...SUMMARY, live: 0, requirements });
    expect(cards()[0]).toContain('No live versions');
  });

  it('filters the list with a click, and takes that back with a second one', async () => {
    await open(SUMMARY);
    click('Security review');
    fixture.componentRef.setInput('chosen', 'security-review');
    await fixture.whenStable();
    const pressed = fixture.nativeElement.querySelectorAll('[aria-pressed=true]');
    expect(pressed).toHaveLength(1);
    click('Security review');
    expect(picked).toEqual(['security-review', null]);
  });
});
