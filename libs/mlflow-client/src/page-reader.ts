import { AnswerTooLargeError, MlflowError } from './mlflow-error';
import { offsetOf, tokenAt } from './page-token';

/** Rows asked again at each page's start. More only helps when more than that were deleted since the page before. */
const OVERLAP_ROWS = 50;
/** Below this size a timeout is retried like any fault; above it, asking for half is the better retry. */
const SMALL_PAGE_ROWS = 700;

export interface PageAsk {
  size: number;
  /** '' for the first page. */
  token: string;
  retryTimeouts: boolean;
}

export interface PageAnswer<Row> {
  rows: Row[];
  /** '' on the last page. */
  nextToken: string;
}

interface Page<Row> extends PageAnswer<Row> {
  /** Where it began; 0 where tokens are not offsets. */
  offset: number;
}

export interface Listing<Row> {
  /** Rows in a page; halved whenever an answer is over the size cap. */
  pageSize: number;
  ask(ask: PageAsk): Promise<PageAnswer<Row>>;
  /** The row's identity. */
  keyOf(row: Row): string;
  /** False where a test must be one attempt: then a timeout is not answered by asking for less either. */
  retries: boolean;
}

/**
 * Reads a list that others change meanwhile, page by page, each row once. The list must have an order that edits do not
 * change (by name), and a page must be one snapshot; MLflow's is one SELECT.
 *
 * MLflow's token is an offset, not a snapshot: a row deleted before the cursor moves every later row one place forward,
 * past the cursor, and a live row would be skipped. So each page starts OVERLAP_ROWS early. A page that holds any row seen
 * before starts no later than that row, and what follows it in the page is complete: nothing was skipped between them.
 * A page that holds none is asked again from where the page before began. What stays possible: more than a whole page
 * deleted between two requests, and servers whose tokens are not offsets, which are followed as they are. A row skipped
 * there is read by the next whole read; callers must not take its absence for a removal.
 *
 * Rows inserted before the cursor come twice: the keys of the last two pages with new rows are kept, and repeats left out.
 * Memory: those keys and one page. Throws MlflowError `mlflow-paging-loop` for a token that comes back.
 */
export class PageReader<Row> {
  private size: number;
  private readonly seenTokens = new Set<string>();
  /** Tokens whose page was asked for again from further back. */
  private readonly reread = new Set<string>();
  private current = new Set<string>();
  private before = new Set<string>();
  /** Where the last page with new rows began. */
  private currentOffset = 0;

  constructor(private readonly listing: Listing<Row>) {
    this.size = listing.pageSize;
  }

  async *pages(): AsyncGenerator<Row[]> {
    let token = '';
    do {
      const page = await this.pageAfter(token);
      const fresh = this.keep(page);
      if (fresh.length > 0) yield fresh;
      token = page.nextToken;
      this.refuseRepeated(token);
    } while (token !== '');
  }

  /** The page at a token, begun early enough to touch the page before. */
  private async pageAfter(token: string): Promise<Page<Row>> {
    const offset = offsetOf(token);
    const overlap = Math.min(OVERLAP_ROWS, Math.floor(this.size / 2));
    if (offset === null || overlap === 0 || this.current.size === 0) return this.pageAt(token);
    const page = await this.pageAt(tokenAt(offset - overlap));
    // Halved meanwhile to a page that ends before the token, which later pages then pass again.
    if (this.size <= overlap) this.forgetTokensAfter(offset - overlap);
    if (page.rows.some((row) => this.isKnown(row)) || this.reread.has(token)) return page;
    this.reread.add(token);
    this.forgetTokensAfter(this.currentOffset);
    return this.pageAt(tokenAt(this.currentOffset));
  }

  private async pageAt(token: string): Promise<Page<Row>> {
    const answer = await this.ask(token);
    return { ...answer, offset: offsetOf(token) ?? 0 };
  }

  /** Halves the size until the answer fits. */
  private async ask(token: string): Promise<PageAnswer<Row>> {
    for (;;) {
      const retryTimeouts = !this.listing.retries || this.size <= SMALL_PAGE_ROWS;
      try {
        const page = await this.listing.ask({ size: this.size, token, retryTimeouts });
        // MLflow 1 ignores max_results, order and token alike.
        if (page.rows.length > this.size) throw new MlflowError('mlflow-unsupported');
        return page;
      } catch (error) {
        // Too large, or too slow at this size: less is asked for. All else is the caller's.
        const tooSlow = !retryTimeouts && error instanceof MlflowError && error.code === 'mlflow-timeout';
        if (!(error instanceof AnswerTooLargeError || tooSlow) || this.size === 1) throw error;
        this.size = Math.floor(this.size / 2);
      }
    }
  }

  /** Remembers the page's rows and returns those that are new. */
  private keep({ rows, offset }: Page<Row>): Row[] {
    const keys = new Set<string>();
    const fresh = rows.filter((row) => {
      const isNew = !this.isKnown(row) && !keys.has(this.listing.keyOf(row));
      keys.add(this.listing.keyOf(row));
      return isNew;
    });
    // Smaller pages that begin further back hold known rows only: all of those must stay known until new ones follow.
    if (fresh.length === 0) return [];
    this.before = this.current;
    this.current = keys;
    this.currentOffset = offset;
    return fresh;
  }

  private isKnown(row: Row): boolean {
    const key = this.listing.keyOf(row);
    return this.current.has(key) || this.before.has(key);
  }

  /** Reading again from further back passes the same tokens again; each of them leads back only once. */
  private forgetTokensAfter(offset: number): void {
    for (const token of this.seenTokens) if ((offsetOf(token) ?? 0) > offset) this.seenTokens.delete(token);
  }

  private refuseRepeated(token: string): void {
    if (token === '') return;
    if (this.seenTokens.has(token)) throw new MlflowError('mlflow-paging-loop');
    this.seenTokens.add(token);
  }
}
