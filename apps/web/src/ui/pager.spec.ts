import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { Pager } from './pager';

describe('the foot of a list in pages', () => {
  const render = async (inputs: { hasBack: boolean; hasOn: boolean }) => {
    const fixture = TestBed.createComponent(Pager);
    fixture.componentRef.setInput('range', '11–20 of 35 versions');
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    const went: string[] = [];
    fixture.componentInstance.wentBack.subscribe(() => went.push('back'));
    fixture.componentInstance.wentOn.subscribe(() => went.push('on'));
    const loader = TestbedHarnessEnvironment.loader(fixture);
    const buttons = await loader.getAllHarnesses(MatButtonHarness);
    for (const button of buttons) await button.click();
    return { went, disabled: await Promise.all(buttons.map((button) => button.isDisabled())) };
  };

  it('goes both ways in the middle of the list', async () => {
    expect(await render({ hasBack: true, hasOn: true })).toEqual({
      went: ['back', 'on'],
      disabled: [false, false],
    });
  });

  it('goes nowhere at an end, although its buttons keep the focus there', async () => {
    expect(await render({ hasBack: false, hasOn: false })).toEqual({ went: [], disabled: [true, true] });
  });
});
