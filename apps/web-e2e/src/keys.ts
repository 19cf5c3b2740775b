import type { Locator, Page } from 'playwright-core';

/** More stops than any page has. */
const MOST_STOPS = 150;

/** A person with a keyboard, and nothing that points. */
export class Keys {
  constructor(private readonly page: Page) {}

  /** Goes on from stop to stop until it is reached. Throws where it never is, or where nothing shows that it is. */
  async reach(target: Locator): Promise<void> {
    await target.waitFor();
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      await this.page.keyboard.press('Tab');
      if (!(await target.evaluate((element) => element === document.activeElement))) continue;
      expect([`${target}`, await target.evaluate(showsFocus)]).toEqual([`${target}`, true]);
      return;
    }
    throw new Error(`no way leads by Tab to ${target}`);
  }

  /** Reaches it and presses Enter, as for a link or a button. */
  async press(target: Locator): Promise<void> {
    await this.reach(target);
    await this.page.keyboard.press('Enter');
  }

  /** Reaches a field and types over what it holds. */
  async type(field: Locator, text: string): Promise<void> {
    await this.reach(field);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(text);
  }

  /** What has the focus, as it is named; its text otherwise. */
  focused(): Promise<string> {
    return this.page.evaluate(() => {
      const element = document.activeElement;
      return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim();
    });
  }
}

/** Runs in the page: a ring around it, or around the field that it stands in. */
function showsFocus(element: Element): boolean {
  const rings = (one: Element, part?: string): boolean => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one, part);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
  };
  const isField = element.closest('mat-form-field.mat-focused, label:focus-within') !== null;
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && (isField || rings(element) || rings(element, '::after'));
}
