import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { type HeldPostgres, holdPostgres } from '../../embedded/embedded-postgres.ts';

const DATA = resolve(import.meta.dirname, '../../../.data');
/** A start on a busy machine takes a few seconds. In milliseconds. */
const RESTART_DEADLINE_MS = 30_000;

/** Somebody else on the port of a keeper that is gone. */
async function listenAs(stranger: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => stranger(socket.on('error', () => undefined)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

async function eventually<Result>(look: () => Result | Promise<Result>): Promise<Result> {
  const deadline = Date.now() + RESTART_DEADLINE_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row | undefined> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(sql)).rows[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('the embedded Postgres', () => {
  let folder: string;
  let held: HeldPostgres;
  let home: string;

  const keeper = (): { pid: number; port: number } =>
    JSON.parse(readFileSync(join(folder, 'keeper.json'), 'utf8'));
  const postmaster = (): number => Number(readFileSync(join(home, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const untilStopped = (): Promise<void> =>
    eventually(() => {
      expect(existsSync(join(folder, 'keeper.pid'))).toBe(false);
    });

  beforeAll(async () => {
    // Not by mkdtemp, which makes it for one user only: as root, Postgres runs as another one.
    folder = join(DATA, `spec-keeper-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    held = await holdPostgres(folder);
    home =
      (await ask<{ data_directory: string }>(held.address.adminUrl, 'SHOW data_directory'))?.data_directory ??
      '';
  });

  afterAll(async () => {
    held?.release();
    if (folder) await untilStopped();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('is guarded again when its keeper is killed, at the same address, with all that was written', async () => {
    const before = keeper().pid;
    await ask(held.address.ownerUrl, 'CREATE TABLE kept AS SELECT 7 AS seven');
    const orphan = postmaster();
    process.kill(before, 'SIGKILL');
    await eventually(() => {
      expect(keeper().pid).not.toBe(before);
      expect(postmaster()).not.toBe(orphan);
    });
    await eventually(async () =>
      expect(await ask(held.address.ownerUrl, 'SELECT seven FROM kept')).toEqual({ seven: 7 }),
    );

    process.kill(postmaster(), 'SIGKILL');
    await eventually(async () =>
      expect(await ask(held.address.ownerUrl, 'SELECT seven FROM kept')).toEqual({ seven: 7 }),
    );
  });

  it('comes back at the same address when it is killed together with its keeper', async () => {
    const [guard, server] = [keeper().pid, postmaster()];
    process.kill(guard, 'SIGKILL');
    process.kill(server, 'SIGKILL');
    await eventually(async () => {
      expect(keeper().pid).not.toBe(guard);
      expect(await ask(held.address.ownerUrl, 'SELECT seven FROM kept')).toEqual({ seven: 7 });
    });
  });

  it('has one keeper again, however many held the one that was killed', async () => {
    const others = [await holdPostgres(folder), await holdPostgres(folder), await holdPostgres(folder)];
    const before = keeper().pid;
    process.kill(before, 'SIGKILL');
    await eventually(() => expect(keeper().pid).not.toBe(before));
    await eventually(async () =>
      expect(await ask(held.address.ownerUrl, 'SELECT seven FROM kept')).toEqual({ seven: 7 }),
    );
    expect(Number(readFileSync(join(folder, 'keeper.pid'), 'utf8'))).toBe(keeper().pid);
    for (const other of others) other.release();
    expect(await ask(held.address.ownerUrl, 'SELECT seven FROM kept')).toEqual({ seven: 7 });
  });

  it.each([
    ['says nothing', () => undefined],
    ['says something else', (socket: Socket) => void socket.write('220 mail.example ESMTP\r\n')],
    [
      'keeps another folder',
      (socket: Socket) =>
        void socket.write(`${JSON.stringify({ folder: '/elsewhere', address: held.address })}\n`),
    ],
  ])(
    'starts where a stranger that %s listens on the port of a keeper that is gone',
    async (_name, stranger) => {
      held.release();
      await untilStopped();
      const server = await listenAs(stranger);
      const gone = { pid: 4_194_304, port: (server.address() as AddressInfo).port };
      writeFileSync(join(folder, 'keeper.json'), JSON.stringify(gone));
      writeFileSync(join(folder, 'keeper.pid'), String(gone.pid));
      held = await holdPostgres(folder);
      expect(keeper().port).not.toBe(gone.port);
      expect(await ask(held.address.ownerUrl, 'SELECT seven FROM kept')).toEqual({ seven: 7 });
      server.close();
    },
  );
});
