import { inFile, promise, type GuideChapter } from './guide-behaviours.ts';

const between = inFile('apps/web-e2e/src/between-the-syncs.spec.ts');
const watch = inFile('libs/sync-engine/src/registry-watch.spec.ts');
const deliveries = inFile('apps/api/src/hooks.spec.ts');
const kept = inFile('apps/api/src/kept-deliveries.spec.ts');
const registration = inFile('apps/api/src/webhook.spec.ts');

/** What is seen before the hour is over. */
export const BETWEEN: GuideChapter = {
  title: 'Between the whole reads',
  behaviours: [
    promise(
      'A poll finds new and changed versions between the hourly syncs.',
      between('polls in between where MLflow tells nothing'),
      watch('sees a version as soon as it is registered, with its run, as a poll that moves no card'),
    ),
    promise(
      'A poll that finds nothing leaves no trace.',
      watch('leaves no run, no event and no row where nothing is new, and asks twice'),
    ),
    promise(
      'What MLflow does not date waits for the hourly sync.',
      watch('does not see a tag, which the whole read sees', 'stamps nothing removed'),
    ),
    promise(
      'A manual sync never waits for a poll, and never answers with one.',
      watch('gives way to a manual sync, which never answers with a poll'),
    ),
    promise(
      'A server that is away is one failed poll, not one a minute.',
      watch(
        'tells once that MLflow is away, and is well again with the first poll that works',
        'keeps asking a server that failed by itself, and keeps one failure for all of them',
        'puts a poll off until the scheduled sync where what was found could not be read',
      ),
    ),
    promise(
      'With registry webhooks a new version, a tag or an alias is here within seconds.',
      between(
        'has MLflow tell of changes, with one switch',
        'shows a version in the open page as soon as it is registered',
        'says what a webhook brought, apart from scheduled syncs, and when it came',
      ),
      deliveries('reads tags and aliases, which no poll sees, and many of them in one run'),
    ),
    promise(
      'Where MLflow refuses a webhook, the page says what to do, and nothing is stored.',
      between('says why MLflow refuses a webhook, and stays off'),
      registration(
        'says what to do where the account may not register one, and stores nothing',
        'says what to do where MLflow refuses the address, and stores nothing',
        'says so where MLflow cannot deliver its example, and leaves nothing at MLflow',
      ),
    ),
    promise(
      'A delivery is believed by its signature, lately, and once.',
      deliveries(
        'believes no delivery that is forged, stale, early or changed, and tells none of them why',
        'takes once what MLflow repeats after an answer of 503',
      ),
    ),
    promise(
      'What is delivered while it cannot be read is kept, and read as soon as it can be.',
      kept(
        'is read by the next poll where its run gave way to a sync that failed',
        'is read by the next poll that works where polls fail',
        'is read with the next delivery where no poll comes first',
        'is read once an Admin has acted where that is awaited',
      ),
    ),
    promise(
      'A registration that MLflow has lost is off after the next whole read.',
      registration(
        'is off after a whole read that does not find it at MLflow any more, and on again by the switch',
      ),
    ),
    promise(
      'Turning webhooks off deletes the registration, and is off although MLflow is away.',
      registration(
        'deletes the registration and the secret when it is turned off',
        'is off here although MLflow is away, says so, and clears up once MLflow is back',
        'is turned off with another server',
      ),
    ),
  ],
};
