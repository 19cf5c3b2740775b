import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';

/** One running transaction. Its statements see the rows of its organization only. */
export interface Transaction {
  /** Null: no organization, so only functions that look across them and tables without rows of one are useful. */
  readonly orgId: string | null;
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Returns the number of rows affected. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The only way to Postgres. The pool stays private: a read outside `orgTransaction` would silently see no rows. */
@Injectable()
export class Database {
  private readonly running = new AsyncLocalStorage<Transaction>();

  constructor(private readonly source: DataSource) {}

  /**
   * Runs `work` in one transaction bound to the organization, joining one that already runs for it.
   * Throws when one runs for another organization: that is never meant.
   */
  async orgTransaction<Result>(orgId: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const outer = this.running.getStore();
    if (outer?.orgId === orgId) return work(outer);
    if (outer) throw new Error('A transaction of another organization is running.');
    return this.transaction(orgId, work);
  }

  /** Runs `work` without an organization, for the few questions that cross all of them. Each statement is a transaction of its own. */
  async acrossOrganizations<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const runner = this.source.createQueryRunner();
    try {
      const tx = new RunnerTransaction(null, runner);
      return await this.running.run(tx, () => work(tx));
    } finally {
      await runner.release();
    }
  }

  /** The running transaction of the organization. Throws outside of one. */
  current(orgId: string): Transaction {
    const tx = this.running.getStore();
    if (tx?.orgId !== orgId) throw new Error('This must run inside a transaction of the organization.');
    return tx;
  }

  /** Whether Postgres answers. */
  async ready(): Promise<boolean> {
    return this.source.query('SELECT 1').then(
      () => true,
      // Any fault of the driver means the same here: not ready. The caller reports it as such.
      () => false,
    );
  }

  private async transaction<Result>(
    orgId: string,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> {
    if (!UUID.test(orgId)) throw new Error('This is no id of an organization.');
    const runner = this.source.createQueryRunner();
    let isConnected = false;
    try {
      await runner.connect();
      isConnected = true;
      // In one message: of what a small read costs the API, most are its messages.
      await runner.query(`START TRANSACTION; SELECT set_config('app.org_id', '${orgId}', true)`);
      const tx = new RunnerTransaction(orgId, runner);
      const result = await this.running.run(tx, () => work(tx));
      await runner.query('COMMIT');
      return result;
    } catch (error) {
      // Whatever failed, nothing of it may stay. A broken connection cannot roll back; Postgres did so by itself.
      if (isConnected) await runner.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

class RunnerTransaction implements Transaction {
  constructor(
    readonly orgId: string | null,
    private readonly runner: QueryRunner,
  ) {}

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.runner.query(sql, [...parameters], true)).records as Row[];
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return (await this.runner.query(sql, [...parameters], true)).affected ?? 0;
  }
}
