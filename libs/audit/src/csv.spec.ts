import fc from 'fast-check';
import { csvCell, csvRecord, csvRecords } from './csv';

async function read(pieces: readonly string[]): Promise<string[][]> {
  const records: string[][] = [];
  for await (const record of csvRecords(
    (async function* () {
      yield* pieces;
    })(),
  )) {
    records.push(record);
  }
  return records;
}

describe('CSV', () => {
  it('quotes what RFC 4180 says, and no more', () => {
    expect(csvRecord(['a', 'b c', '', 'd,e', 'f"g', 'h\r\ni'])).toBe('a,b c,,"d,e","f""g","h\r\ni"\r\n');
  });

  it('shows a formula as text', () => {
    for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
      expect(csvCell(`${start}1+1`)).toBe(`'${start}1+1`);
    }
    for (const text of ['1=1', 'a-b', "'=1", ' =1', '']) expect(csvCell(text)).toBe(text);
  });

  it('reads back what it wrote, however the text is cut into pieces', async () => {
    const cells = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', ',', '\r\n', '""', '=\n', 'x,"')),
      {
        minLength: 2,
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cells), fc.array(fc.nat({ max: 200 })), async (records, cuts) => {
        const text = records.map(csvRecord).join('');
        const at = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const pieces = at.map((start, i) => text.slice(start, at[i + 1] ?? start));
        expect(await read(pieces)).toEqual(records.map((record) => record.map(csvCell)));
      }),
    );
  });
});
