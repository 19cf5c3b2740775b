import { csvOf } from './csv';
import { REVIEWED } from './governance.fixture';
import { recordsOf } from './gap-records';

describe('the export of the gaps', () => {
  it('turns what a spreadsheet would run into text', () => {
    expect(csvOf([['=1+1', '+1', '-1', '@x', '\tx', '＝1', 'a=b']])).toBe(
      "'=1+1,'+1,'-1,'@x,'\tx,'＝1,a=b\r\n",
    );
  });

  it('quotes commas, quotes and lines of a cell', () => {
    expect(csvOf([['a,b', 'say "x"', 'two\nlines']])).toBe('"a,b","say ""x""","two\nlines"\r\n');
  });

  it('holds each review with its state, who attested it, and its instants in UTC', () => {
    const [head, record] = recordsOf([REVIEWED]);
    const cell = (name: string) => record?.[head?.indexOf(name) ?? -1];
    expect(head?.length).toBe(record?.length);
    expect(cell('Model name')).toBe('credit-risk-pd');
    expect(cell('Open since (UTC)')).toBe('2026-11-18T08:00:00Z');
    expect(cell('Bias assessment')).toBe('Attested');
    expect(cell('Bias assessment: attested by')).toBe('José Muñoz');
    expect(cell('Security review')).toBe('Failed');
    expect(cell('Privacy evaluation')).toBe('Missing');
    expect(cell('Privacy evaluation: attested by')).toBe('');
  });
});
