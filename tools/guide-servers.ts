import { inFile, promise, type GuideChapter } from './guide-behaviours.ts';

const configuring = inFile('apps/web-e2e/src/configuring.spec.ts');
const form = inFile('apps/web/src/integrations/connection-form.spec.ts');
const connection = inFile('libs/mlflow-connection/src/mlflow-connection.spec.ts');
const tls = inFile('libs/mlflow-connection/src/tls-trust.spec.ts');
const workspaces = inFile('libs/sync-engine/src/workspaces.spec.ts');
const client = inFile('libs/mlflow-client/src/mlflow-client.spec.ts');

/** Which server is asked, which part of it, and what vouches for it. */
export const SERVERS: GuideChapter = {
  title: 'Certificates, workspaces, other servers',
  behaviours: [
    promise(
      "A server whose certificate a company's own CA signed needs that CA, pasted in PEM.",
      tls(
        'fails without the CA and with another one, and works with it',
        'takes several certificates, with any line ends around them',
        'refuses %s as its CA, and repeats none of it',
      ),
      form('sends a CA certificate, asks for the secret again with it, and opens where one is wrong'),
    ),
    promise(
      'It is trusted for this connection and nowhere else.',
      tls('leaves its trust to itself: another organization has none in the same server'),
    ),
    promise(
      'The stored credential is kept for the same CA only.',
      tls('asks for the secret again where another CA, or none, would vouch for the server'),
    ),
    promise(
      'Verify TLS off warns, and the audit trail keeps who chose it.',
      form('warns as long as certificates are not verified'),
      tls('puts into the audit trail that certificates are not verified, and which CA is trusted'),
    ),
    promise(
      'Test Connection says so where only one of several workspaces would be read.',
      workspaces('is told in the test that only one of them would be read, where none is named'),
    ),
    promise(
      'A name reads that workspace, and * all that the account sees, those made later too.',
      workspaces(
        'reads one of them',
        'reads all of them, and goes on with the records of the one that was read before',
        'finds one that was made later',
      ),
      client('calls a workspace asked of a server without workspaces unsupported, without a second attempt'),
    ),
    promise(
      'Each keeps its models to itself, also under the same name; the gate calls a name that several have unknown.',
      workspaces(
        'removes what is gone from one, and keeps what has the same name in another',
        'finds no version by a name that several workspaces have',
      ),
    ),
    promise(
      'Polls look into each of them; a registry webhook belongs to one workspace, and * has none.',
      workspaces(
        'is polled in each of them, those too that no whole read has seen',
        'has no registry webhook while all of them are read: MLflow delivers of one',
        'lets go of the webhook of the one, before all of them are read',
      ),
    ),
    promise(
      'One that is hidden from the account is held back, never removed.',
      workspaces('holds back all of one that is hidden from it, for hidden is not gone'),
    ),
    promise(
      'Before another server is saved the page names both addresses and how many versions that concerns; the first one resumes.',
      configuring(
        'names both servers and what becomes removed before it connects another one, and the first one resumes',
      ),
      connection('refuses another server until its records may be replaced'),
    ),
  ],
};
