import { TestBed } from '@angular/core/testing';
import { GapChip } from './gap-chip';

describe('the gaps of a version in a word', () => {
  it.each([
    [0, true, 'No gaps', 'Governance: every required review is there'],
    [1, true, '1 gap', 'Governance: 1 required review missing, failed or expired'],
    [3, true, '3 gaps', 'Governance: 3 required reviews missing, failed or expired'],
    [null, true, 'Unknown', 'Governance: not every review could be judged yet'],
    [0, false, 'Not required', 'Governance: reviews are required of live versions only'],
    [null, false, 'Not required', 'Governance: reviews are required of live versions only'],
  ])(
    'says of %p open gaps, required: %p, "%s" and what that means',
    async (openGaps, required, text, title) => {
      const fixture = TestBed.createComponent(GapChip);
      fixture.componentRef.setInput('openGaps', openGaps);
      fixture.componentRef.setInput('required', required);
      await fixture.whenStable();
      expect(fixture.nativeElement.textContent.trim()).toBe(text);
      expect(fixture.nativeElement.querySelector('[title]').title).toBe(title);
      fixture.componentRef.setInput('headed', true);
      await fixture.whenStable();
      expect(fixture.nativeElement.textContent.replace(/\s+/g, ' ').trim()).toBe(`Governance: ${text}`);
    },
  );
});
