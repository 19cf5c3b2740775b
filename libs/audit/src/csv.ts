/** What a spreadsheet takes for a formula, the full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** The text as a cell shows it: with an apostrophe where a spreadsheet would run it, and without halves of characters. */
export function csvCell(text: string): string {
  return (FORMULA.test(text) ? `'${text}` : text).toWellFormed();
}

/** One record of RFC 4180, with its line end. */
export function csvRecord(texts: readonly string[]): string {
  return `${texts.map((text) => quote(csvCell(text))).join(',')}\r\n`;
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The cells of each record, however the text is cut into pieces. */
export async function* csvRecords(pieces: AsyncIterable<string>): AsyncGenerator<string[]> {
  let cells: string[] = [];
  let cell = '';
  let state: 'plain' | 'quoted' | 'quote in quoted' = 'plain';
  for await (const piece of pieces) {
    for (const char of piece) {
      if (state === 'quoted') {
        if (char === '"') state = 'quote in quoted';
        else cell += char;
      } else if (char === '"') {
        if (state === 'quote in quoted') cell += char;
        state = 'quoted';
      } else if (char === ',') {
        cells.push(cell);
        [cell, state] = ['', 'plain'];
      } else if (char === '\n') {
        yield [...cells, cell];
        [cells, cell, state] = [[], '', 'plain'];
      } else if (char !== '\r') {
        cell += char;
      }
    }
  }
  if (cells.length > 0 || cell !== '') yield [...cells, cell];
}
