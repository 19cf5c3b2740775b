import { TestBed } from '@angular/core/testing';
import { GapChip } from './gap-chip';

describe('the gaps of a version in a word', () => {
  it.each([
    [0, true, 'No gaps'],
    [1, true, '1 gap'],
    [3, true, '3 gaps'],
    [null, true, 'Unknown'],
    [0, false, 'Not required'],
    [null, false, 'Not required'],
  ])('says of %p open gaps, required: %p, "%s"', async (openGaps, required, text) => {
    const fixture = TestBed.createComponent(GapChip);
    fixture.componentRef.setInput('openGaps', openGaps);
    fixture.componentRef.setInput('required', required);
    await fixture.whenStable();
    expect(fixture.nativeElement.textContent.trim()).toBe(text);
  });
});
