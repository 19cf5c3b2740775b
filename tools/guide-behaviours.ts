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

/** Proofs of one file. */
export const inFile =
  (file: string) =>
  (...titles: string[]): Proof => ({ file, titles });

export const promise = (sentence: string, ...proofs: Proof[]): Behaviour => ({ sentence, proofs });

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
const client = inFile('libs/mlflow-client/src/mlflow-client.spec.ts');
const dataPage = inFile('apps/web/src/model-inventory/mlflow-data-page.spec.ts');
const gapChip = inFile('apps/web/src/model-inventory/gap-chip.spec.ts');
const changes = inFile('apps/web/src/model-inventory/change-history.spec.ts');

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
      promise(
        'Eight steps lead from Integrations in the menu to Save Configuration.',
        configuring(EIGHT_STEPS),
      ),
      promise(
        'The MLflow card leads to the status and to the settings.',
        configuring('leads from the MLflow card to its status and its configuration'),
      ),
      promise(
        'The request timeout is set in seconds.',
        configuring(
          'takes a request timeout of 1 to 600 seconds, 30 unless told otherwise, and tests no other',
        ),
      ),
      promise(
        'Three authentication methods: None, Basic authentication, API token.',
        configuring(
          'offers three authentication methods and asks for the credentials of the chosen one alone',
          EIGHT_STEPS,
          'clears a stored credential when a method without one is saved, not before',
        ),
        trouble('connects with basic authentication to a server that demands it, and syncs'),
      ),
      promise(
        'Saving needs a successful test of exactly these values; an edit asks for a new one.',
        configuring(
          'allows to save after a successful test of exactly these values, and an edit asks for a new one',
        ),
      ),
      promise(
        'Saving starts the first sync.',
        configuring(EIGHT_STEPS),
        cards('are five, in the order of the guide, and say Connected after a first sync'),
      ),
      promise(
        'Credentials are encrypted before they are stored, and never logged.',
        secrets('appears in no log, no reply, no table and no file, whatever happens to it'),
        vault('keeps the plain text out of the database, of messages and of prints'),
      ),
      promise(
        'Credentials are write-only; an empty field keeps the stored one.',
        configuring('never shows a stored credential again, and keeps it where the field is left empty'),
      ),
      promise(
        'A stored credential goes to the server it was entered for, and to no other.',
        configuring('asks for the credential again before it would go to another server'),
        connection('keeps the stored password for the same server and user only'),
      ),
      promise(
        'Clearing a credential is explicit.',
        configuring(
          'clears a stored credential when a method without one is saved, not before',
          'asks before it disconnects, and keeps what was synced',
        ),
        connection('destroys the credential with the connection'),
      ),
    ],
  },
  {
    title: 'Status cards',
    behaviours: [
      promise(
        'Five cards: Connection status, Last error, Last successful test, Last scheduled sync, Upcoming sync.',
        cards('are five, in the order of the guide, and say Connected after a first sync'),
      ),
      promise(
        'Connected, Action required and Error come from what really happened.',
        cards(CARD_STATES, 'say Action required, and why, after the key of the stored credential was lost'),
      ),
      promise(
        'Last error clears by itself after a successful test or sync.',
        cards(
          'clear the last error by themselves after a successful test',
          'clear the last error by themselves after a successful sync',
        ),
      ),
      promise(
        'Instants are local, with UTC on hover.',
        cards('show instants in local time, with UTC on hover, as the API tells them'),
      ),
      promise('The cards are live.', cards('follow what happens elsewhere without a reload')),
    ],
  },
  {
    title: 'Scheduled sync',
    behaviours: [
      promise('It runs hourly.', scheduled(EVERY_HOUR)),
      promise(
        'It queries models and versions and retrieves the runs that are linked to them.',
        scheduled('queries models and versions, then the runs that are linked to them'),
        engine('holds every field of every version as MLflow has it'),
      ),
      promise(
        'It writes new and changed records and skips unchanged ones.',
        scheduled(EVERY_HOUR),
        engine('writes and locks no row when nothing has changed'),
      ),
      promise(
        'It logs every attempt, failed ones with their reason.',
        scheduled(
          'logs an attempt that failed with its reason, and keeps what was synced',
          'keeps every attempt in the history, newest first',
        ),
      ),
      promise(
        'Nothing syncs while no worker runs; the page says so and names npm run worker.',
        scheduled(
          'waits while no worker runs, and names the command that starts one',
          'goes on by itself as soon as a worker runs, without a reload',
        ),
      ),
      promise(
        'A row of the history opens what that run changed.',
        scheduled('opens what a sync changed, and from how many requests, from its row'),
      ),
      promise(
        'What vanished upstream is stamped removed, and only on the word of MLflow.',
        engine(
          'stamps a version removed only when MLflow says that it is gone, and un-stamps none by itself',
        ),
        rights('holds back a single model that is hidden from it, for hidden is not gone'),
      ),
    ],
  },
  {
    title: 'MLflow data',
    behaviours: [
      promise(
        'Models, Active, Staging and Experiments count exactly what MLflow holds.',
        data('counts models, active, staging and experiments exactly as MLflow holds them'),
      ),
      promise(
        'Refresh reads the database again, not MLflow.',
        data('re-reads VerifyWise alone on Refresh: nothing reaches MLflow'),
      ),
      promise('Seven columns list every version.', data('lists every version of MLflow in seven columns')),
      promise(
        'Columns sort.',
        data(
          'sorts by %s, either way',
          'sorts by Model name, either way, and keeps the versions of a model together',
        ),
      ),
      promise(
        'Search finds a part of the model name.',
        data('finds a model by a part of its name, whatever the case, and takes the text literally'),
      ),
      promise(
        'A filter shows one lifecycle stage.',
        data('filters by lifecycle status, whose count stands on the button, and by search in the same URL'),
      ),
      promise(
        'Removed versions are hidden by default.',
        data('hides versions that were removed from MLflow, unless asked for'),
      ),
      promise(
        'All of it works by keyboard.',
        data('is walked by keyboard: a row is chosen, opened and left, and the focus returns to it'),
        dataPage(
          'compares the row that has the focus with C, and opens nothing where none has it',
          'leaves the comparison with Escape first, then the drawer',
        ),
      ),
      promise(
        'Under Lifecycle status stands what governance says of the version.',
        gapChip('says of %p open gaps, required: %p, "%s" and what that means'),
      ),
    ],
  },
  {
    title: 'Detail drawer',
    behaviours: [
      promise(
        'It opens beside the list, which stays usable.',
        drawer('opens beside the list, which stays usable, and takes the focus to its heading'),
        drawer('fills a phone, and closes back to the list'),
      ),
      promise(
        'Six parts: model metadata, description, tags, metrics, parameters, experiment info.',
        drawer(
          'shows its six parts in the order of the guide',
          'says what a version does not have, in place of each part',
        ),
      ),
      promise(
        'Each value is the one that MLflow holds.',
        drawer(
          'shows the values that MLflow holds, each of them',
          'names the experiment and where its artifacts are stored',
        ),
      ),
      promise(
        'The change history tells what syncs saw.',
        drawer('tells what has changed, newest first, as syncs saw it'),
        changes('shows a changed description old and new, folded until all of it is asked for'),
      ),
      promise(
        'Data and code: the Git commit, the account and the datasets, as MLflow has them.',
        drawer('names the commit and the datasets behind the version'),
        client(
          'reads commit, creator and datasets of a run, each dataset once and always in one order, however it is read',
        ),
      ),
      promise(
        "A version without a run shows its LoggedModel's metrics, parameters, commit and datasets.",
        client(
          'reads the LoggedModel of a version without a run',
          'reads commit and creator of a LoggedModel and the datasets that its metrics were measured on',
        ),
      ),
      promise('It has a link of its own.', drawer('has a link of its own, which signing in leads back to')),
    ],
  },
  {
    title: 'Manual sync',
    behaviours: [
      promise(
        'Re-run Sync starts a sync from the status page and from MLflow data.',
        manual(
          'moves Last scheduled sync and leaves Upcoming sync where it was',
          'can be asked for from MLflow data as well',
        ),
      ),
      promise(
        'It moves Last scheduled sync, and not Upcoming sync.',
        manual('moves Last scheduled sync and leaves Upcoming sync where it was'),
      ),
      promise(
        'The history names its trigger and who asked.',
        manual('is logged with its trigger and the person who asked'),
      ),
      promise(
        'The button is disabled from the click to the end; progress survives a reload.',
        manual('cannot be asked for again from the click to the end, and its progress survives a reload'),
      ),
      promise('It can be cancelled.', manual('can be cancelled, and what was synced stays')),
    ],
  },
  {
    title: 'Troubleshooting',
    behaviours: [
      promise(
        'Connection succeeds but no data: the page lists what to check.',
        trouble(
          'says what to check when the connection succeeds but no data appear, and fills as soon as there are some',
        ),
      ),
      promise(
        'Unable to reach MLflow backend: the page says what to do about each cause.',
        trouble(CAUSES, 'says that MLflow is away when it has stopped, and keeps what was synced'),
      ),
      promise(
        'Data stale: the page says how old they are, and how to start the worker.',
        trouble('says how old stale data are, that the worker has stopped, and how to start it'),
      ),
      promise(
        'What the account may not see is held back, never removed.',
        trouble(
          'holds back half of the registry that is hidden from the account, and says that nothing was removed',
        ),
      ),
    ],
  },
  {
    title: 'Benefits',
    behaviours: [
      promise(
        'Automated inventory: registered models arrive by themselves.',
        scheduled('goes on by itself as soon as a worker runs, without a reload', EVERY_HOUR),
      ),
      promise(
        'Training evidence: metrics, parameters and experiments stand beside each version.',
        drawer('shows the values that MLflow holds, each of them'),
      ),
      promise(
        'Version tracking: every version and every change of one is kept.',
        data('lists every version of MLflow in seven columns'),
        drawer('tells what has changed, newest first, as syncs saw it'),
        engine('sees what bumps no timestamp, logs it old to new and touches nothing else'),
      ),
    ],
  },
];
