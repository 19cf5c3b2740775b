"""Fills a fresh MLflow SQLite file: models, versions with a run each, 10 metrics and 15 params a run.

Usage: seed.py FILE VERSIONS [VERSIONS_PER_MODEL]
Writes what the tracking server itself would have written, in one transaction, some hundred times faster.
"""

import random
import sqlite3
import sys

METRICS = 10
PARAMS = 15
STAGES = ["None", "Archived", "Staging", "Production"]
BATCH = 1_000
BORN = 1_790_000_000_000  # epoch milliseconds


def rows(models: int, per_model: int):
    """Yields the rows of one model at a time, by table."""
    random.seed(42)
    for m in range(models):
        name = f"model-{m:06d}"
        experiment = m // 10 + 1
        born = BORN + m * 1_000
        out = {table: [] for table in STATEMENTS}
        if m % 10 == 0:
            out["experiments"].append((experiment, f"experiment-{experiment:05d}", f"mlflow-artifacts:/{experiment}", born))
        # A version that is made moves the last change of its model.
        out["registered_models"].append((name, born, born + per_model * 10, f"What {name} is for."))
        for v in range(1, per_model + 1):
            run = f"{m:016x}{v:016x}"
            at = born + v * 10
            out["runs"].append((run, f"run-{v}", at, at + 5, f"mlflow-artifacts:/{experiment}/{run}/artifacts", experiment))
            values = [(f"metric_{i}", random.random(), at, run) for i in range(METRICS)]
            out["metrics"].extend(values)
            out["latest_metrics"].extend(values)
            out["params"].extend((f"param_{i}", f"value-{random.randrange(1_000)}", run) for i in range(PARAMS))
            stage = STAGES[3 if v == per_model else 2 if v == per_model - 1 else 1 if v > 2 else 0]
            out["model_versions"].append((name, v, at, at, f"Version {v}.", stage, f"runs:/{run}/model", run))
            out["model_version_tags"].append(("validation", "approved" if v % 2 else "pending", name, v))
        out["registered_model_aliases"].append(("champion", per_model, name))
        yield out


STATEMENTS = {
    "experiments": "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time) VALUES (?, ?, ?, 'active', ?4, ?4)",
    "registered_models": "INSERT INTO registered_models (name, creation_time, last_updated_time, description) VALUES (?, ?, ?, ?)",
    "runs": "INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri, experiment_id) VALUES (?, ?, 'LOCAL', 'bench', 'FINISHED', ?, ?, 'active', ?, ?)",
    "metrics": "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, 0, 0)",
    "latest_metrics": "INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, 0, 0)",
    "params": "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)",
    "model_versions": "INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, current_stage, source, run_id, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'READY')",
    "model_version_tags": "INSERT INTO model_version_tags (key, value, name, version) VALUES (?, ?, ?, ?)",
    "registered_model_aliases": "INSERT INTO registered_model_aliases (alias, version, name) VALUES (?, ?, ?)",
}


def main() -> None:
    file, versions = sys.argv[1], int(sys.argv[2])
    per_model = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    with sqlite3.connect(file) as database:
        pending = {table: [] for table in STATEMENTS}
        for model in rows(versions // per_model, per_model):
            for table, found in model.items():
                pending[table].extend(found)
            if len(pending["runs"]) >= BATCH:
                flush(database, pending)
        flush(database, pending)


def flush(database: sqlite3.Connection, pending: dict) -> None:
    for table, statement in STATEMENTS.items():
        database.executemany(statement, pending[table])
        pending[table].clear()


main()
