import { MlflowError } from '@vw/mlflow-client';
import { Problem } from '@vw/platform';

/** MLflow took the registration, and its example did not arrive. */
export class Undelivered extends Error {
  override readonly name = 'Undelivered';
}

/** A registration belongs to one workspace: made by who reads all of them, it would tell what happens in the default one. */
export function oneWorkspaceOnly(): Problem {
  return new Problem('invalid-input', {
    detail:
      'MLflow delivers what happens in one workspace, and this connection reads all of them. Polls go on without webhooks.',
  });
}

/** Why MLflow will not deliver, in a sentence that says what to do; status 422. What is no fault of MLflow's stays what it is. */
export function webhookRefusal(error: unknown, publicUrl: string): unknown {
  if (error instanceof Undelivered) {
    return new Problem('invalid-input', {
      detail: `MLflow could not deliver to ${publicUrl}. Set PUBLIC_URL to the https address by which the MLflow server reaches this service.`,
    });
  }
  if (!(error instanceof MlflowError)) return error;
  const status = error.answer?.status;
  if (status === 400) {
    return new Problem('invalid-input', {
      detail:
        `MLflow does not accept the address ${publicUrl}: it must be https and public. Set PUBLIC_URL, or have the administrator of MLflow ` +
        'allow it (MLFLOW_WEBHOOK_ALLOWED_SCHEMES, MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS).',
    });
  }
  if (status === 404) {
    return new Problem('mlflow-unsupported', {
      status: 422,
      detail: 'This MLflow server has no registry webhooks; MLflow 3 has. Polls go on without them.',
    });
  }
  if (error.code === 'mlflow-forbidden') {
    return new Problem('mlflow-forbidden', {
      status: 422,
      detail:
        "The MLflow account may not register webhooks: connect with one of MLflow's administrators. Polls go on without them.",
    });
  }
  return new Problem(error.code, { status: 422 });
}
