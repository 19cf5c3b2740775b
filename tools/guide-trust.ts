import { inFile, promise, type GuideChapter } from './guide-behaviours.ts';

const gaps = inFile('apps/web-e2e/src/governance-gaps.spec.ts');
const trail = inFile('apps/web-e2e/src/audit-trail.spec.ts');
const people = inFile('apps/web-e2e/src/people-and-keys.spec.ts');
const history = inFile('apps/web-e2e/src/compare-and-history.spec.ts');
const held = inFile('apps/web-e2e/src/held-versions.spec.ts');
const keyboard = inFile('apps/web-e2e/src/keyboard-only.spec.ts');
const judgement = inFile('libs/governance/src/judgement.spec.ts');
const reviews = inFile('libs/governance/src/reviews.spec.ts');
const waivers = inFile('libs/governance/src/waivers.spec.ts');
const versionAsOf = inFile('libs/governance/src/version-as-of.spec.ts');
const entries = inFile('libs/governance/src/entries.spec.ts');
const gate = inFile('libs/governance/src/gate.spec.ts');
const audit = inFile('libs/audit/src/audit.spec.ts');
const command = inFile('apps/vw-gate/src/vw-gate.spec.ts');
const asOf = inFile('libs/model-inventory/src/as-of.spec.ts');
const versions = inFile('apps/api/src/versions.spec.ts');
const users = inFile('apps/api/src/users.spec.ts');
const answers = inFile('apps/api/src/waivers.spec.ts');
const evaluation = inFile('libs/governance/src/governance.spec.ts');

const ATTESTED_IN_THE_PAGE =
  'stops a pipeline with exit code 1 while a review lacks, and lets it go on with 0 once all three are attested';
const SYNC_EVENT = 'holds one event for each sync, with a digest of all its changes, which leads to that run';

/** The chapters on governance, its proof and its use, and what people expect of all pages. */
export const TRUST: readonly GuideChapter[] = [
  {
    title: 'Governance gaps',
    behaviours: [
      promise(
        'A version is live in Production or under an alias such as champion, and only live versions need the three reviews.',
        gaps(
          'asks three reviews of every version in Production or under an alias such as champion, and of no other',
        ),
        judgement('asks nothing of a version that is not live, and all of it when asked as if it were'),
      ),
      promise(
        'The page shows the coverage of each review and which versions lack it.',
        gaps('shows which versions lack one review, by stage and by a part of the name'),
      ),
      promise(
        'An attestation has a result, evidence, an end and a note, and is signed.',
        gaps(
          'takes an attestation with its evidence, its end and a tick only, and signs it with the name of the Reviewer',
        ),
        reviews(
          'refuses an end that is past or too far, and a version that is not there',
          'keeps the hash of the evidence with the review, what was found and the trail',
        ),
      ),
      promise(
        'What is signed with a one-time password says so in the audit trail.',
        answers(
          'marks in the trail what is signed with a one-time password, and nothing after another is chosen',
        ),
      ),
      promise(
        'It belongs to one version and is never edited.',
        gaps('keeps an attestation with its one version'),
        reviews('lets nobody rewrite an attestation or delete a finding'),
      ),
      promise(
        'Whoever owns the model cannot satisfy its reviews.',
        gaps(
          'keeps a review that the owner of the model signs, and does not count it, nor an earlier one of theirs',
        ),
        reviews('keeps, and does not count, what the owner of the model signs'),
      ),
      promise(
        'A waiver accepts a finding for at most 180 days, and somebody other than its requester approves it.',
        gaps('accepts a finding for at most 180 days, once somebody other than its requester approves'),
        reviews('waives a finding only on the word of someone other than the requester'),
      ),
      promise(
        'They may refuse it, with a reason; its requester or an Admin may withdraw it.',
        gaps(
          'refuses a waiver with a reason, and opens a finding again at once when its waiver is withdrawn',
        ),
        waivers(
          'refuses it on the word of someone other than the requester, who says why',
          'lets its requester withdraw it, and nobody else but an Admin',
          'takes nothing back: refused and withdrawn ones, and those that have ended, stay as they are',
        ),
      ),
      promise(
        'Waivers and the menu show how many wait for an answer.',
        waivers('counts those that wait for one, until they have it or have ended'),
        gaps(
          'refuses a waiver with a reason, and opens a finding again at once when its waiver is withdrawn',
        ),
      ),
      promise(
        'It reopens at its end.',
        gaps('opens a finding again when its waiver has ended'),
        reviews('opens a waived finding again when the waiver ends, as old as it was'),
      ),
      promise(
        'Fourteen rules look at more than the reviews.',
        gaps(
          'finds by other rules what a live version lacks, its measured disparity above all',
          'leads from a missing owner to the form of the inventory entry, which closes the finding',
        ),
        judgement(
          'holds fourteen rules, each of which only supports evidence and claims no compliance',
          '%s is a gap at %s, and not without it',
        ),
      ),
      promise(
        'Other findings lists critical ones first.',
        evaluation('lists critical findings first, and each severity from the oldest on, page by page'),
      ),
      promise(
        'What could not be read is unknown, never no gaps.',
        gaps('says unknown where the run of a live version cannot be read, never that it has no gaps'),
        judgement('calls what it cannot read unknown, neither a gap nor none'),
      ),
      promise(
        'A version as of an instant shows what people had answered for then.',
        gaps('shows with a version as of an instant what people had answered for then'),
        versionAsOf('is at any instant of any history what it was shown as then'),
      ),
      promise(
        'Every model has one inventory entry, which a sync never touches.',
        gaps('keeps an owner and a risk tier beside the model, which no sync touches'),
        entries('keep what people wrote through every sync, and close what asked for it'),
      ),
    ],
  },
  {
    title: 'Audit trail',
    behaviours: [
      promise(
        'It says who did what, when, before and after.',
        trail('tells who did what and when, and shows what stood before and after'),
      ),
      promise('There is one event for each sync, with a digest of all its changes.', trail(SYNC_EVENT)),
      promise(
        'No audit, no change: an event is written in the transaction of what it tells.',
        audit(
          'refuses an event outside the transaction of what it tells',
          'keeps nothing of an event whose change failed, and leaves no gap',
        ),
      ),
      promise(
        'Findings changed tells of each rule from which status to which, how many, and the first three versions.',
        evaluation(
          'tells the trail which findings moved from what to what: rule, count and the first versions by name',
        ),
      ),
      promise(
        'Secrets appear as replaced, people as ids.',
        trail('says of a secret that it was replaced, and of people their ids'),
        audit('hashes ids, never names of people'),
      ),
      promise(
        'Events are found by actor, kind and period.',
        trail('finds events by actor, by kind and by day'),
      ),
      promise(
        'Verify chain recomputes it and names the first event that was changed, moved or lost.',
        trail(
          'recomputes the whole chain on Verify chain',
          'names the first event that somebody changed in the database, and shows it',
        ),
        audit(
          'names the event that was edited, deleted, moved, cut off, swapped or taken from another organization',
        ),
      ),
      promise(
        'A whole export can be checked anywhere, without any database.',
        trail(
          'exports the whole trail as a file that is proved without any database',
          'finds a single changed byte in an exported file, and names the event',
          'says of an extract that it cannot be proved, and how to get a file that can',
        ),
      ),
    ],
  },
  {
    title: 'Pipelines and REST clients',
    behaviours: [
      promise(
        'An API key is shown once, kept as a hash, and ends within a year.',
        people('makes an API key that is shown once, kept as a hash, and ends within a year'),
      ),
      promise(
        'It has scopes: read, sync, gate.',
        people('lets a key do what its scopes say, and nothing else'),
      ),
      promise(
        'The commands of the guide work as they stand there.',
        people('answers a pipeline that asks as the guide shows'),
      ),
      promise(
        'vw-gate ends with 0 for allow, 1 for deny, 2 for wrong use, 3 for unknown.',
        people(
          ATTESTED_IN_THE_PAGE,
          'ends the command with 3 for a version that nobody knows, and with 2 where it is used wrongly',
        ),
        command('writes JUnit: what decides fails, the rest is told', 'writes SARIF'),
      ),
      promise(
        'It judges a version as if it were live at the target.',
        gate('judges a version as if it were live, and denies it for a critical gap'),
      ),
      promise(
        'It fails closed.',
        people('refuses a key from the moment that it is revoked, and the gate then fails closed'),
        gate(
          'says unknown when MLflow was last read more than two intervals ago',
          'says unknown of a version that the last whole read did not see, while its removal is held back',
        ),
        command('ends with 3 for unknown, and for whatever keeps the answer away'),
      ),
    ],
  },
  {
    title: 'What people expect',
    behaviours: [
      promise(
        'People are invited with a one-time password and see what their role may see.',
        people(
          'invites a person with a one-time password, which is shown this once',
          'leads the invited person from a deep link over a password of their own to where they wanted to go, by keyboard',
          'shows a Viewer the inventory alone, and says so wherever a link leads elsewhere',
          'lets an Auditor read what an Admin reads, the trail too, and change nothing',
          'ends the session of a person who is deactivated, and lets them in no more',
        ),
        users(
          'are asked for a password of their own while theirs is a one-time password, and refused nothing',
        ),
      ),
      promise(
        'The whole guide works without a mouse, and the focus is always to be seen.',
        keyboard(
          'sets the organization up',
          'signs out by the account menu, and in again',
          'leads past the menu with the first stop of each page',
          'configures the connection, tests it and saves it',
          'asks for a sync, and opens what it changed',
          'searches, walks the rows and opens a version, whose heading takes the focus',
          'compares with C, steps with J, closes with Escape, and the focus returns to the row',
          'attests a review, and the focus returns to its button in the list',
          'reads the trail, opens an event and verifies the chain',
          'turns single keys off for those whom they disturb',
        ),
      ),
      promise(
        'Integrations lists what is held back; an Admin confirms, or restores the rights and syncs again.',
        held(
          'are listed under Integrations, and stay in the inventory',
          'lead to what is known of each',
          'are seen by a Reviewer too, who cannot confirm that they are gone',
          'stay as they are once the account may read them again',
          'stay until an Admin says that they are gone, and after a Cancel',
          'become removed on the word of an Admin, which clears the card and stands in the trail',
          'come back with the sync that sees them again',
        ),
      ),
      promise(
        'Two versions can be compared, and what is compared can be sent as a link.',
        history(
          'puts two versions of a model side by side, only the differences unless all is asked for',
          'gives a difference no colour, for MLflow does not say what is better',
          'keeps what is compared in the address, which another person can open',
        ),
      ),
      promise(
        'The inventory can be seen as it was at an instant.',
        history(
          'shows a version as it was known at an instant, and leads back to now',
          'says that nothing was known before a version was first seen, nor can be of the future',
        ),
        asOf('is at any instant of any history what its drawer showed then'),
      ),
      promise(
        'It says from which whole read that was known, and whether that one held back a removal.',
        versions('tell from which whole read they are known, and whether their removal was held back'),
      ),
      promise(
        'The course of each metric and every change of a version can be followed.',
        history(
          'shows the course of each metric over the versions, as a line and as a table',
          'keeps every change that a sync saw, old and new, with the sync that saw it',
        ),
      ),
      promise(
        'What is listed can be taken away as CSV, all of it.',
        history('exports the whole filtered set as CSV, not only the page that is shown'),
        gaps('exports every gap with its evidence as CSV'),
      ),
      promise(
        'A long list is walked forth and back.',
        history('goes through a list that is longer than a page, forth and back'),
      ),
    ],
  },
];
