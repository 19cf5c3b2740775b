/** Specs of one file, by their titles as they stand in its source. */
export interface Proof {
  file: string;
  titles: readonly string[];
}

export interface Behaviour {
  /** What the user guide promises, in a sentence. */
  sentence: string;
  proofs: readonly Proof[];
}

export interface GuideChapter {
  title: string;
  behaviours: readonly Behaviour[];
}

const inFile =
  (file: string) =>
  (...titles: string[]): Proof => ({ file, titles });

const configuring = inFile('apps/web-e2e/src/configuring.spec.ts');
const cards = inFile('apps/web-e2e/src/status-cards.spec.ts');
const scheduled = inFile('apps/web-e2e/src/scheduled-sync.spec.ts');
const data = inFile('apps/web-e2e/src/mlflow-data.spec.ts');
const drawer = inFile('apps/web-e2e/src/detail-drawer.spec.ts');
const manual = inFile('apps/web-e2e/src/manual-sync.spec.ts');
const trouble = inFile('apps/web-e2e/src/troubleshooting.spec.ts');
const secrets = inFile('apps/web-e2e/src/secrets.spec.ts');
const engine = inFile('libs/sync-engine/src/sync-engine.spec.ts');
const rights = inFile('libs/sync-engine/src/partial-rights.spec.ts');
const vault = inFile('libs/credential-vault/src/credential-vault.spec.ts');
const connection = inFile('libs/mlflow-connection/src/mlflow-connection.spec.ts');

const CAUSES = 'says what to do about $name, in the page and in the API, and loses nothing';
const CARD_STATES = 'say $status, and why, after $name';
const EIGHT_STEPS =
  'leads in eight steps from the menu to a saved configuration, with a token that the server demands';
const EVERY_HOUR = 'comes round every hour: it writes what is new or changed and skips the rest';

/** The user guide, sentence by sentence, and the specs that hold the product to it. */
export const GUIDE: readonly GuideChapter[] = [
  {
    title: 'Configuring the connection',
    behaviours: [
      {
        sentence: 'Eight steps lead from Integrations in the menu to Save Configuration.',
        proofs: [configuring(EIGHT_STEPS)],
      },
      {
        sentence: 'The MLflow card leads to the status and to the settings.',
        proofs: [configuring('leads from the MLflow card to its status and its configuration')],
      },
      {
        sentence: 'The request timeout is set in seconds.',
        proofs: [
          configuring(
            'takes a request timeout of 1 to 600 seconds, 30 unless told otherwise, and tests no other',
          ),
        ],
      },
      {
        sentence: 'Three authentication methods: None, Basic authentication, API token.',
        proofs: [
          configuring(
            'offers three authentication methods and asks for the credentials of the chosen one alone',
            EIGHT_STEPS,
            'clears a stored credential when a method without one is saved, not before',
          ),
          trouble('connects with basic authentication to a server that demands it, and syncs'),
        ],
      },
      {
        sentence: 'Saving needs a successful test of exactly these values; an edit asks for a new one.',
        proofs: [
          configuring(
            'allows to save after a successful test of exactly these values, and an edit asks for a new one',
          ),
        ],
      },
      {
        sentence: 'Saving starts the first sync.',
        proofs: [
          configuring(EIGHT_STEPS),
          cards('are five, in the order of the guide, and say Connected after a first sync'),
        ],
      },
      {
        sentence: 'Credentials are encrypted before they are stored, and never logged.',
        proofs: [
          secrets('appears in no log, no reply, no table and no file, whatever happens to it'),
          vault('keeps the plain text out of the database, of messages and of prints'),
        ],
      },
      {
        sentence: 'Credentials are write-only; an empty field keeps the stored one.',
        proofs: [
          configuring('never shows a stored credential again, and keeps it where the field is left empty'),
        ],
      },
      {
        sentence: 'A stored credential goes to the server it was entered for, and to no other.',
        proofs: [
          configuring('asks for the credential again before it would go to another server'),
          connection('keeps the stored password for the same server and user only'),
        ],
      },
      {
        sentence: 'Clearing a credential is explicit.',
        proofs: [
          configuring(
            'clears a stored credential when a method without one is saved, not before',
            'asks before it disconnects, and keeps what was synced',
          ),
          connection('destroys the credential with the connection'),
        ],
      },
    ],
  },
  {
    title: 'Status cards',
    behaviours: [
      {
        sentence:
          'Five cards: Connection status, Last error, Last successful test, Last scheduled sync, Upcoming sync.',
        proofs: [cards('are five, in the order of the guide, and say Connected after a first sync')],
      },
      {
        sentence: 'Connected, Action required and Error come from what really happened.',
        proofs: [
          cards(CARD_STATES, 'say Action required, and why, after the key of the stored credential was lost'),
        ],
      },
      {
        sentence: 'Last error clears by itself after a successful test or sync.',
        proofs: [
          cards(
            'clear the last error by themselves after a successful test',
            'clear the last error by themselves after a successful sync',
          ),
        ],
      },
      {
        sentence: 'Instants are local, with UTC on hover.',
        proofs: [cards('show instants in local time, with UTC on hover, as the API tells them')],
      },
      {
        sentence: 'The cards are live.',
        proofs: [cards('follow what happens elsewhere without a reload')],
      },
    ],
  },
  {
    title: 'Scheduled sync',
    behaviours: [
      { sentence: 'It runs hourly.', proofs: [scheduled(EVERY_HOUR)] },
      {
        sentence: 'It queries models and versions and retrieves the runs that are linked to them.',
        proofs: [
          scheduled('queries models and versions, then the runs that are linked to them'),
          engine('holds every field of every version as MLflow has it'),
        ],
      },
      {
        sentence: 'It writes new and changed records and skips unchanged ones.',
        proofs: [scheduled(EVERY_HOUR), engine('writes and locks no row when nothing has changed')],
      },
      {
        sentence: 'It logs every attempt, failed ones with their reason.',
        proofs: [
          scheduled(
            'logs an attempt that failed with its reason, and keeps what was synced',
            'keeps every attempt in the history, newest first',
          ),
        ],
      },
      {
        sentence: 'Nothing syncs while no worker runs; the page says so and names npm run worker.',
        proofs: [
          scheduled(
            'waits while no worker runs, and names the command that starts one',
            'goes on by itself as soon as a worker runs, without a reload',
          ),
        ],
      },
      {
        sentence: 'A row of the history opens what that run changed.',
        proofs: [scheduled('opens what a sync changed, and from how many requests, from its row')],
      },
      {
        sentence: 'What vanished upstream is stamped removed, and only on the word of MLflow.',
        proofs: [
          engine(
            'stamps a version removed only when MLflow says that it is gone, and un-stamps none by itself',
          ),
          rights('holds back a single model that is hidden from it, for hidden is not gone'),
        ],
      },
    ],
  },
  {
    title: 'MLflow data',
    behaviours: [
      {
        sentence: 'Models, Active, Staging and Experiments count exactly what MLflow holds.',
        proofs: [data('counts models, active, staging and experiments exactly as MLflow holds them')],
      },
      {
        sentence: 'Refresh reads the database again, not MLflow.',
        proofs: [data('re-reads VerifyWise alone on Refresh: nothing reaches MLflow')],
      },
      {
        sentence: 'Seven columns list every version.',
        proofs: [data('lists every version of MLflow in seven columns')],
      },
      {
        sentence: 'Columns sort.',
        proofs: [
          data(
            'sorts by %s, either way',
            'sorts by Model name, either way, and keeps the versions of a model together',
          ),
        ],
      },
      {
        sentence: 'Search finds a part of the model name.',
        proofs: [
          data('finds a model by a part of its name, whatever the case, and takes the text literally'),
        ],
      },
      {
        sentence: 'A filter shows one lifecycle stage.',
        proofs: [
          data(
            'filters by lifecycle status, whose count stands on the button, and by search in the same URL',
          ),
        ],
      },
      {
        sentence: 'Removed versions are hidden by default.',
        proofs: [data('hides versions that were removed from MLflow, unless asked for')],
      },
      {
        sentence: 'All of it works by keyboard.',
        proofs: [
          data('is walked by keyboard: a row is chosen, opened and left, and the focus returns to it'),
        ],
      },
    ],
  },
  {
    title: 'Detail drawer',
    behaviours: [
      {
        sentence: 'It opens beside the list, which stays usable.',
        proofs: [
          drawer('opens beside the list, which stays usable, and takes the focus to its heading'),
          drawer('fills a phone, and closes back to the list'),
        ],
      },
      {
        sentence: 'Six parts: model metadata, description, tags, metrics, parameters, experiment info.',
        proofs: [
          drawer(
            'shows its six parts in the order of the guide',
            'says what a version does not have, in place of each part',
          ),
        ],
      },
      {
        sentence: 'Each value is the one that MLflow holds.',
        proofs: [
          drawer(
            'shows the values that MLflow holds, each of them',
            'names the experiment and where its artifacts are stored',
          ),
        ],
      },
      {
        sentence: 'The change history tells what syncs saw.',
        proofs: [drawer('tells what has changed, newest first, as syncs saw it')],
      },
      {
        sentence: 'It has a link of its own.',
        proofs: [drawer('has a link of its own, which signing in leads back to')],
      },
    ],
  },
  {
    title: 'Manual sync',
    behaviours: [
      {
        sentence: 'Re-run Sync starts a sync from the status page and from MLflow data.',
        proofs: [
          manual(
            'moves Last scheduled sync and leaves Upcoming sync where it was',
            'can be asked for from MLflow data as well',
          ),
        ],
      },
      {
        sentence: 'It moves Last scheduled sync, and not Upcoming sync.',
        proofs: [manual('moves Last scheduled sync and leaves Upcoming sync where it was')],
      },
      {
        sentence: 'The history names its trigger and who asked.',
        proofs: [manual('is logged with its trigger and the person who asked')],
      },
      {
        sentence: 'The button is disabled from the click to the end; progress survives a reload.',
        proofs: [
          manual('cannot be asked for again from the click to the end, and its progress survives a reload'),
        ],
      },
      {
        sentence: 'It can be cancelled.',
        proofs: [manual('can be cancelled, and what was synced stays')],
      },
    ],
  },
  {
    title: 'Troubleshooting',
    behaviours: [
      {
        sentence: 'Connection succeeds but no data: the page lists what to check.',
        proofs: [
          trouble(
            'says what to check when the connection succeeds but no data appear, and fills as soon as there are some',
          ),
        ],
      },
      {
        sentence: 'Unable to reach MLflow backend: the page says what to do about each cause.',
        proofs: [trouble(CAUSES, 'says that MLflow is away when it has stopped, and keeps what was synced')],
      },
      {
        sentence: 'Data stale: the page says how old they are, and how to start the worker.',
        proofs: [trouble('says how old stale data are, that the worker has stopped, and how to start it')],
      },
      {
        sentence: 'What the account may not see is held back, never removed.',
        proofs: [
          trouble(
            'holds back half of the registry that is hidden from the account, and says that nothing was removed',
          ),
        ],
      },
    ],
  },
  {
    title: 'Benefits',
    behaviours: [
      {
        sentence: 'Automated inventory: registered models arrive by themselves.',
        proofs: [scheduled('goes on by itself as soon as a worker runs, without a reload', EVERY_HOUR)],
      },
      {
        sentence: 'Training evidence: metrics, parameters and experiments stand beside each version.',
        proofs: [drawer('shows the values that MLflow holds, each of them')],
      },
      {
        sentence: 'Version tracking: every version and every change of one is kept.',
        proofs: [
          data('lists every version of MLflow in seven columns'),
          drawer('tells what has changed, newest first, as syncs saw it'),
          engine('sees what bumps no timestamp, logs it old to new and touches nothing else'),
        ],
      },
    ],
  },
];
