import { forEachInTurn, Turns } from './worker-pool';

const never = new AbortController().signal;
const soon = () => new Promise<void>((done) => setTimeout(done, 1));

describe('work that is done in turns', () => {
  it('is never more at once than there are turns, whoever asks', async () => {
    const turns = new Turns(4);
    let [now, most, done] = [0, 0, 0];
    const work = async () => {
      now += 1;
      most = Math.max(most, now);
      await soon();
      now -= 1;
      done += 1;
    };
    const items = Array.from({ length: 9 }, (_, n) => n);
    const asked = [1, 2].map(() => forEachInTurn(items, { turns, signal: never }, work));
    await Promise.all(asked);
    expect([most, done]).toEqual([4, 18]);
  });

  it('stops at the first failure, which is thrown, and leaves every turn to others', async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    const failing = forEachInTurn([1, 2, 3, 4], { turns, signal: never }, async (item) => {
      begun.push(item);
      await soon();
      throw new Error(`item ${item}`);
    });
    await expect(failing).rejects.toThrow('item 1');
    expect(begun).toEqual([1, 2]);
    const after: number[] = [];
    await forEachInTurn([5, 6], { turns, signal: never }, async (item) => {
      after.push(item);
    });
    expect(after).toEqual([5, 6]);
  });
});
