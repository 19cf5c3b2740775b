-- columns
api_key.org_id uuid NOT NULL
api_key.id uuid NOT NULL DEFAULT uuidv7()
api_key.name text NOT NULL
api_key.token_hash bytea NOT NULL
api_key.scopes text[] NOT NULL
api_key.created_by uuid
api_key.created_at timestamp with time zone NOT NULL DEFAULT now()
api_key.expires_at timestamp with time zone NOT NULL
api_key.last_used_at timestamp with time zone
api_key.revoked_at timestamp with time zone
attempt_limit.key text NOT NULL
attempt_limit.attempts integer NOT NULL
attempt_limit.window_started_at timestamp with time zone NOT NULL DEFAULT now()
attestation.org_id uuid NOT NULL
attestation.id uuid NOT NULL DEFAULT uuidv7()
attestation.version_id uuid NOT NULL
attestation.requirement text NOT NULL
attestation.result text NOT NULL
attestation.evidence_url text
attestation.evidence_sha256 text
attestation.expires_at timestamp with time zone NOT NULL
attestation.note text
attestation.signer_id uuid
attestation.signer_name text NOT NULL
attestation.signer_email text
attestation.by_owner boolean NOT NULL
attestation.attested_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
audit_event.org_id uuid NOT NULL
audit_event.seq bigint NOT NULL
audit_event.at timestamp with time zone NOT NULL
audit_event.actor_id uuid
audit_event.action text NOT NULL
audit_event.subject_id text
audit_event.body text NOT NULL
audit_event.hash bytea NOT NULL
audit_head.org_id uuid NOT NULL
audit_head.seq bigint NOT NULL
audit_head.hash bytea NOT NULL
catalogue_use.org_id uuid NOT NULL
catalogue_use.id uuid NOT NULL DEFAULT uuidv7()
catalogue_use.catalogue_version text NOT NULL
catalogue_use.used_since timestamp with time zone NOT NULL DEFAULT clock_timestamp()
credential.org_id uuid NOT NULL
credential.slot text NOT NULL
credential.format smallint NOT NULL
credential.kid text NOT NULL
credential.origin text NOT NULL
credential.wrapped_key bytea NOT NULL
credential.sealed bytea NOT NULL
credential.updated_at timestamp with time zone NOT NULL DEFAULT now()
experiment.org_id uuid NOT NULL
experiment.source_id uuid NOT NULL
experiment.experiment_id text NOT NULL
experiment.name text NOT NULL
experiment.artifact_location text NOT NULL
experiment.lifecycle text NOT NULL
experiment_count.org_id uuid NOT NULL
experiment_count.id uuid NOT NULL DEFAULT uuidv7()
experiment_count.source_id uuid NOT NULL
experiment_count.experiment_id text NOT NULL
experiment_count.versions integer NOT NULL
finding.org_id uuid NOT NULL
finding.id uuid NOT NULL DEFAULT uuidv7()
finding.version_id uuid NOT NULL
finding.rule text NOT NULL
finding.severity text NOT NULL
finding.model_name text NOT NULL
finding.version text NOT NULL
finding.stage text NOT NULL
finding.required boolean NOT NULL
finding.known boolean NOT NULL
finding.lack text
finding.status text NOT NULL
finding.since timestamp with time zone NOT NULL
finding.reason text NOT NULL
finding.due_at timestamp with time zone
finding_move.org_id uuid NOT NULL
finding_move.id uuid NOT NULL DEFAULT uuidv7()
finding_move.finding_id uuid NOT NULL
finding_move.old text
finding_move.new text NOT NULL
finding_move.reason text NOT NULL
finding_move.severity text NOT NULL
finding_move.stage text NOT NULL
finding_move.known boolean NOT NULL
finding_move.lack text
finding_move.since timestamp with time zone NOT NULL
finding_move.run_id uuid
finding_move.moved_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
former_source.org_id uuid NOT NULL
former_source.tracking_server_url text NOT NULL
former_source.workspace text
former_source.known_workspaces text[] NOT NULL
former_source.revision integer NOT NULL
gate_answer.org_id uuid NOT NULL
gate_answer.id uuid NOT NULL DEFAULT uuidv7()
gate_answer.version_id uuid NOT NULL
gate_answer.target text NOT NULL
gate_answer.verdict text NOT NULL
gate_answer.reasons jsonb NOT NULL
gate_answer.catalogue_version text NOT NULL
gate_answer.asked_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
governance_state.org_id uuid NOT NULL
governance_state.catalogue_version text
governance_state.evaluated_at timestamp with time zone
held_version.org_id uuid NOT NULL
held_version.version_id uuid NOT NULL
held_version.first_run_id uuid NOT NULL
held_version.last_run_id uuid NOT NULL
held_version.open boolean NOT NULL DEFAULT true
held_version.model_listed boolean NOT NULL DEFAULT false
inventory_entry.org_id uuid NOT NULL
inventory_entry.id uuid NOT NULL DEFAULT uuidv7()
inventory_entry.model_id uuid NOT NULL
inventory_entry.model_name text NOT NULL
inventory_entry.registered_at timestamp with time zone NOT NULL
inventory_entry.owner text
inventory_entry.purpose text
inventory_entry.risk_tier text
inventory_entry.approval_status text NOT NULL DEFAULT 'pending'::text
inventory_entry.approved_at timestamp with time zone
inventory_entry.created_at timestamp with time zone NOT NULL DEFAULT now()
inventory_entry.updated_at timestamp with time zone NOT NULL DEFAULT now()
inventory_entry_change.org_id uuid NOT NULL
inventory_entry_change.id uuid NOT NULL DEFAULT uuidv7()
inventory_entry_change.entry_id uuid NOT NULL
inventory_entry_change.owner text
inventory_entry_change.purpose text
inventory_entry_change.risk_tier text
inventory_entry_change.approval_status text NOT NULL
inventory_entry_change.approved_at timestamp with time zone
inventory_entry_change.changed_at timestamp with time zone NOT NULL
mlflow_connection.org_id uuid NOT NULL
mlflow_connection.revision integer NOT NULL DEFAULT 1
mlflow_connection.tracking_server_url text NOT NULL
mlflow_connection.request_timeout_seconds integer NOT NULL
mlflow_connection.auth_method text NOT NULL
mlflow_connection.username text
mlflow_connection.verify_tls boolean NOT NULL
mlflow_connection.workspace text
mlflow_connection.poll_seconds integer NOT NULL
mlflow_connection.ca_certificate text
mlflow_connection.workspaces_listed integer
mlflow_connection.known_workspaces text[] NOT NULL DEFAULT '{}'::text[]
mlflow_connection.server_version text
mlflow_connection.last_test_at timestamp with time zone
mlflow_connection.last_test_code text
mlflow_connection.last_successful_test_at timestamp with time zone
mlflow_connection.next_sync_at timestamp with time zone NOT NULL
mlflow_connection.next_poll_at timestamp with time zone NOT NULL DEFAULT now()
mlflow_connection.models_seen_at timestamp with time zone
mlflow_connection.versions_seen_at timestamp with time zone
mlflow_connection.poll_finding text
mlflow_connection.light_error_code text
mlflow_connection.light_error_at timestamp with time zone
mlflow_connection.created_at timestamp with time zone NOT NULL DEFAULT now()
mlflow_connection.updated_at timestamp with time zone NOT NULL DEFAULT now()
mlflow_webhook.org_id uuid NOT NULL
mlflow_webhook.hook_id uuid NOT NULL
mlflow_webhook.origin text NOT NULL
mlflow_webhook.state text NOT NULL
mlflow_webhook.last_delivery_at timestamp with time zone
model.org_id uuid NOT NULL
model.id uuid NOT NULL
model.source_id uuid NOT NULL
model.first_run_id uuid NOT NULL
model.changed_run_id uuid NOT NULL
model.created_at timestamp with time zone NOT NULL
model.updated_at timestamp with time zone NOT NULL
model.removed_at timestamp with time zone
model.name text NOT NULL
model.raw_name text
model.description text NOT NULL
model.tags jsonb NOT NULL
model.hash bytea NOT NULL
model_count.org_id uuid NOT NULL
model_count.id uuid NOT NULL DEFAULT uuidv7()
model_count.model_id uuid NOT NULL
model_count.none integer NOT NULL
model_count.staging integer NOT NULL
model_count.production integer NOT NULL
model_count.archived integer NOT NULL
model_count.removed boolean NOT NULL
model_count.search_name text NOT NULL
model_version.org_id uuid NOT NULL
model_version.id uuid NOT NULL
model_version.model_id uuid NOT NULL
model_version.source_id uuid NOT NULL
model_version.first_run_id uuid NOT NULL
model_version.changed_run_id uuid NOT NULL
model_version.version_number bigint NOT NULL
model_version.created_at timestamp with time zone NOT NULL
model_version.updated_at timestamp with time zone NOT NULL
model_version.removed_at timestamp with time zone
model_version.open_gaps integer
model_version.live boolean NOT NULL
model_version.model_name text NOT NULL
model_version.version text NOT NULL
model_version.stage text NOT NULL
model_version.aliases text[] NOT NULL
model_version.description text NOT NULL
model_version.tags jsonb NOT NULL
model_version.source_uri text NOT NULL
model_version.run_id text
model_version.evidence_id text
model_version.experiment_id text
model_version.hash bytea NOT NULL
model_version.gap_requirements text[]
organization.id uuid NOT NULL DEFAULT uuidv7()
organization.name text NOT NULL
organization.created_at timestamp with time zone NOT NULL DEFAULT now()
run.org_id uuid NOT NULL
run.source_id uuid NOT NULL
run.run_id text NOT NULL
run.state text NOT NULL
run.status text
run.experiment_id text
run.metrics jsonb NOT NULL
run.parameters jsonb NOT NULL
run.commit text
run.creator text
run.datasets jsonb NOT NULL
schema_migration.id integer NOT NULL DEFAULT nextval('schema_migration_id_seq'::regclass)
schema_migration.timestamp bigint NOT NULL
schema_migration.name character varying NOT NULL
session.org_id uuid NOT NULL
session.id uuid NOT NULL DEFAULT uuidv7()
session.user_id uuid NOT NULL
session.token_hash bytea NOT NULL
session.created_at timestamp with time zone NOT NULL DEFAULT now()
session.last_seen_at timestamp with time zone NOT NULL DEFAULT now()
sync_run.org_id uuid NOT NULL
sync_run.id uuid NOT NULL DEFAULT uuidv7()
sync_run.trigger text NOT NULL
sync_run.requested_by text
sync_run.model_names text[]
sync_run.status text NOT NULL
sync_run.attempt integer NOT NULL DEFAULT 0
sync_run.requested_at timestamp with time zone NOT NULL DEFAULT now()
sync_run.started_at timestamp with time zone
sync_run.finished_at timestamp with time zone
sync_run.heartbeat_at timestamp with time zone
sync_run.phase text NOT NULL DEFAULT 'connecting'::text
sync_run.current_model text
sync_run.models integer NOT NULL DEFAULT 0
sync_run.versions integer NOT NULL DEFAULT 0
sync_run.total integer
sync_run.created integer NOT NULL DEFAULT 0
sync_run.updated integer NOT NULL DEFAULT 0
sync_run.unchanged integer NOT NULL DEFAULT 0
sync_run.removed integer NOT NULL DEFAULT 0
sync_run.held integer NOT NULL DEFAULT 0
sync_run.requests integer NOT NULL DEFAULT 0
sync_run.complete boolean NOT NULL DEFAULT false
sync_run.error_code text
sync_run.evaluated_at timestamp with time zone
unread_delivery.org_id uuid NOT NULL
unread_delivery.model_name text NOT NULL
unread_delivery.delivered_at timestamp with time zone NOT NULL DEFAULT now()
user_account.org_id uuid NOT NULL
user_account.id uuid NOT NULL DEFAULT uuidv7()
user_account.name text NOT NULL
user_account.email text NOT NULL
user_account.role text NOT NULL
user_account.password_hash text NOT NULL
user_account.password_is_one_time boolean NOT NULL DEFAULT false
user_account.active boolean NOT NULL DEFAULT true
user_account.created_at timestamp with time zone NOT NULL DEFAULT now()
vault_key.kid text NOT NULL
vault_key.check_value bytea NOT NULL
vault_key.created_at timestamp with time zone NOT NULL DEFAULT now()
version_change.org_id uuid NOT NULL
version_change.id uuid NOT NULL DEFAULT uuidv7()
version_change.version_id uuid NOT NULL
version_change.run_id uuid NOT NULL
version_change.field text NOT NULL
version_change.old jsonb
version_change.new jsonb
version_change.observed_at timestamp with time zone NOT NULL DEFAULT now()
version_count.org_id uuid NOT NULL
version_count.id uuid NOT NULL DEFAULT uuidv7()
version_count.stage text NOT NULL
version_count.removed boolean NOT NULL
version_count.gap_requirements text[] NOT NULL
version_count.versions integer NOT NULL
waiver.org_id uuid NOT NULL
waiver.id uuid NOT NULL DEFAULT uuidv7()
waiver.version_id uuid NOT NULL
waiver.rule text NOT NULL
waiver.reason text NOT NULL
waiver.ends_at timestamp with time zone NOT NULL
waiver.requester_id uuid
waiver.requester_name text NOT NULL
waiver.requested_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
waiver.approver_id uuid
waiver.approver_name text
waiver.approved_at timestamp with time zone
waiver.status text NOT NULL DEFAULT 'requested'::text
waiver.closer_id uuid
waiver.closer_name text
waiver.closed_reason text
waiver.closed_at timestamp with time zone
webhook_delivery.org_id uuid NOT NULL
webhook_delivery.id text NOT NULL
webhook_delivery.received_at timestamp with time zone NOT NULL DEFAULT now()
worker_heartbeat.worker_id text NOT NULL
worker_heartbeat.last_seen_at timestamp with time zone NOT NULL

-- constraints
api_key api_key_creator FOREIGN KEY (org_id, created_by) REFERENCES user_account(org_id, id) ON DELETE CASCADE
api_key api_key_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
api_key api_key_pkey PRIMARY KEY (org_id, id)
api_key api_key_scopes_check CHECK (((cardinality(scopes) > 0) AND (scopes <@ ARRAY['read'::text, 'sync'::text, 'gate'::text])))
attempt_limit attempt_limit_pkey PRIMARY KEY (key)
attestation attestation_evidence_sha256_check CHECK ((evidence_sha256 ~ '^[0-9a-f]{64}$'::text))
attestation attestation_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
attestation attestation_org_id_version_id_fkey FOREIGN KEY (org_id, version_id) REFERENCES model_version(org_id, id) ON DELETE CASCADE
attestation attestation_pkey PRIMARY KEY (org_id, id)
attestation attestation_requirement_check CHECK ((requirement = ANY (ARRAY['bias-assessment'::text, 'security-review'::text, 'privacy-evaluation'::text])))
attestation attestation_result_check CHECK ((result = ANY (ARRAY['passed'::text, 'failed'::text])))
audit_event audit_event_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
audit_event audit_event_pkey PRIMARY KEY (org_id, seq)
audit_head audit_head_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
audit_head audit_head_pkey PRIMARY KEY (org_id)
catalogue_use catalogue_use_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
catalogue_use catalogue_use_pkey PRIMARY KEY (org_id, id)
credential credential_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
credential credential_pkey PRIMARY KEY (org_id, slot)
experiment experiment_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
experiment experiment_pkey PRIMARY KEY (org_id, source_id, experiment_id)
experiment_count experiment_count_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
experiment_count experiment_count_pkey PRIMARY KEY (org_id, id)
finding finding_lack_check CHECK ((lack = ANY (ARRAY['missing'::text, 'failed'::text, 'expired'::text])))
finding finding_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
finding finding_org_id_version_id_fkey FOREIGN KEY (org_id, version_id) REFERENCES model_version(org_id, id) ON DELETE CASCADE
finding finding_pkey PRIMARY KEY (org_id, id)
finding finding_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text])))
finding finding_status_check CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'satisfied'::text, 'waived'::text, 'closed'::text])))
finding_move finding_move_org_id_finding_id_fkey FOREIGN KEY (org_id, finding_id) REFERENCES finding(org_id, id) ON DELETE CASCADE
finding_move finding_move_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
finding_move finding_move_pkey PRIMARY KEY (org_id, id)
former_source former_source_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
former_source former_source_pkey PRIMARY KEY (org_id)
gate_answer gate_answer_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
gate_answer gate_answer_org_id_version_id_fkey FOREIGN KEY (org_id, version_id) REFERENCES model_version(org_id, id) ON DELETE CASCADE
gate_answer gate_answer_pkey PRIMARY KEY (org_id, id)
gate_answer gate_answer_verdict_check CHECK ((verdict = ANY (ARRAY['allow'::text, 'deny'::text, 'unknown'::text])))
governance_state governance_state_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
governance_state governance_state_pkey PRIMARY KEY (org_id)
held_version held_version_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
held_version held_version_pkey PRIMARY KEY (org_id, version_id, first_run_id)
held_version held_version_version FOREIGN KEY (org_id, version_id) REFERENCES model_version(org_id, id) ON DELETE CASCADE
inventory_entry inventory_entry_approval_status_check CHECK ((approval_status = ANY (ARRAY['pending'::text, 'approved'::text, 'restricted'::text, 'blocked'::text])))
inventory_entry inventory_entry_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
inventory_entry inventory_entry_org_id_model_id_fkey FOREIGN KEY (org_id, model_id) REFERENCES model(org_id, id) ON DELETE CASCADE
inventory_entry inventory_entry_pkey PRIMARY KEY (org_id, id)
inventory_entry inventory_entry_risk_tier_check CHECK ((risk_tier = ANY (ARRAY['minimal'::text, 'limited'::text, 'high'::text, 'unacceptable'::text])))
inventory_entry_change inventory_entry_change_org_id_entry_id_fkey FOREIGN KEY (org_id, entry_id) REFERENCES inventory_entry(org_id, id) ON DELETE CASCADE
inventory_entry_change inventory_entry_change_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
inventory_entry_change inventory_entry_change_pkey PRIMARY KEY (org_id, id)
mlflow_connection mlflow_connection_auth_method_check CHECK ((auth_method = ANY (ARRAY['none'::text, 'basic'::text, 'token'::text])))
mlflow_connection mlflow_connection_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
mlflow_connection mlflow_connection_pkey PRIMARY KEY (org_id)
mlflow_webhook mlflow_webhook_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
mlflow_webhook mlflow_webhook_pkey PRIMARY KEY (org_id)
mlflow_webhook mlflow_webhook_state_check CHECK ((state = ANY (ARRAY['testing'::text, 'enabled'::text, 'left'::text])))
model model_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
model model_pkey PRIMARY KEY (org_id, id)
model_count model_count_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
model_count model_count_pkey PRIMARY KEY (org_id, id)
model_version model_version_model FOREIGN KEY (org_id, model_id) REFERENCES model(org_id, id) ON DELETE CASCADE
model_version model_version_pkey PRIMARY KEY (org_id, id)
model_version model_version_stage_check CHECK ((stage = ANY (ARRAY['None'::text, 'Staging'::text, 'Production'::text, 'Archived'::text])))
organization organization_pkey PRIMARY KEY (id)
run run_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
run run_pkey PRIMARY KEY (org_id, source_id, run_id)
run run_state_check CHECK ((state = ANY (ARRAY['active'::text, 'deleted'::text, 'missing'::text, 'unreadable'::text])))
schema_migration PK_0edff5015b71cc0389ae0f4b9a1 PRIMARY KEY (id)
session session_account FOREIGN KEY (org_id, user_id) REFERENCES user_account(org_id, id) ON DELETE CASCADE
session session_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
session session_pkey PRIMARY KEY (org_id, id)
sync_run sync_run_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
sync_run sync_run_pkey PRIMARY KEY (org_id, id)
sync_run sync_run_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])))
sync_run sync_run_trigger_check CHECK ((trigger = ANY (ARRAY['scheduled'::text, 'manual'::text, 'poll'::text, 'webhook'::text])))
unread_delivery unread_delivery_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
unread_delivery unread_delivery_pkey PRIMARY KEY (org_id, model_name)
user_account user_account_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
user_account user_account_pkey PRIMARY KEY (org_id, id)
user_account user_account_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'reviewer'::text, 'auditor'::text, 'viewer'::text])))
vault_key vault_key_pkey PRIMARY KEY (kid)
version_change version_change_pkey PRIMARY KEY (org_id, id)
version_change version_change_version FOREIGN KEY (org_id, version_id) REFERENCES model_version(org_id, id) ON DELETE CASCADE
version_count version_count_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
version_count version_count_pkey PRIMARY KEY (org_id, id)
waiver waiver_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
waiver waiver_org_id_version_id_fkey FOREIGN KEY (org_id, version_id) REFERENCES model_version(org_id, id) ON DELETE CASCADE
waiver waiver_pkey PRIMARY KEY (org_id, id)
waiver waiver_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text])))
webhook_delivery webhook_delivery_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(id) ON DELETE CASCADE
webhook_delivery webhook_delivery_pkey PRIMARY KEY (org_id, id)
worker_heartbeat worker_heartbeat_pkey PRIMARY KEY (worker_id)

-- indexes
CREATE UNIQUE INDEX "PK_0edff5015b71cc0389ae0f4b9a1" ON public.schema_migration USING btree (id)
CREATE UNIQUE INDEX api_key_pkey ON public.api_key USING btree (org_id, id)
CREATE UNIQUE INDEX api_key_token_hash ON public.api_key USING btree (token_hash)
CREATE UNIQUE INDEX attempt_limit_pkey ON public.attempt_limit USING btree (key)
CREATE UNIQUE INDEX attestation_pkey ON public.attestation USING btree (org_id, id)
CREATE INDEX attestation_version_id ON public.attestation USING btree (org_id, version_id, requirement, id)
CREATE INDEX audit_event_action ON public.audit_event USING btree (org_id, action, seq)
CREATE INDEX audit_event_actor ON public.audit_event USING btree (org_id, actor_id, seq)
CREATE INDEX audit_event_at ON public.audit_event USING btree (org_id, at)
CREATE UNIQUE INDEX audit_event_pkey ON public.audit_event USING btree (org_id, seq)
CREATE UNIQUE INDEX audit_head_pkey ON public.audit_head USING btree (org_id)
CREATE UNIQUE INDEX catalogue_use_pkey ON public.catalogue_use USING btree (org_id, id)
CREATE INDEX credential_kid ON public.credential USING btree (org_id, kid)
CREATE UNIQUE INDEX credential_pkey ON public.credential USING btree (org_id, slot)
CREATE UNIQUE INDEX experiment_count_pkey ON public.experiment_count USING btree (org_id, id)
CREATE UNIQUE INDEX experiment_pkey ON public.experiment USING btree (org_id, source_id, experiment_id)
CREATE INDEX finding_due_at ON public.finding USING btree (due_at) WHERE (due_at IS NOT NULL)
CREATE INDEX finding_move_finding_id ON public.finding_move USING btree (org_id, finding_id, id)
CREATE UNIQUE INDEX finding_move_pkey ON public.finding_move USING btree (org_id, id)
CREATE UNIQUE INDEX finding_pkey ON public.finding USING btree (org_id, id)
CREATE INDEX finding_since ON public.finding USING btree (org_id, since, id)
CREATE UNIQUE INDEX finding_version_id ON public.finding USING btree (org_id, version_id, rule)
CREATE UNIQUE INDEX former_source_pkey ON public.former_source USING btree (org_id)
CREATE UNIQUE INDEX gate_answer_pkey ON public.gate_answer USING btree (org_id, id)
CREATE INDEX gate_answer_version_id ON public.gate_answer USING btree (org_id, version_id, id)
CREATE UNIQUE INDEX governance_state_pkey ON public.governance_state USING btree (org_id)
CREATE INDEX held_version_last_run ON public.held_version USING btree (org_id, last_run_id)
CREATE UNIQUE INDEX held_version_open ON public.held_version USING btree (org_id, version_id) WHERE open
CREATE UNIQUE INDEX held_version_pkey ON public.held_version USING btree (org_id, version_id, first_run_id)
CREATE INDEX inventory_entry_by_name ON public.inventory_entry USING btree (org_id, model_name, id)
CREATE INDEX inventory_entry_change_entry_id ON public.inventory_entry_change USING btree (org_id, entry_id, id)
CREATE UNIQUE INDEX inventory_entry_change_pkey ON public.inventory_entry_change USING btree (org_id, id)
CREATE UNIQUE INDEX inventory_entry_model_id ON public.inventory_entry USING btree (org_id, model_id)
CREATE UNIQUE INDEX inventory_entry_pkey ON public.inventory_entry USING btree (org_id, id)
CREATE INDEX mlflow_connection_next_poll_at ON public.mlflow_connection USING btree (next_poll_at) WHERE ((poll_seconds > 0) AND (versions_seen_at IS NOT NULL))
CREATE INDEX mlflow_connection_next_sync_at ON public.mlflow_connection USING btree (next_sync_at)
CREATE UNIQUE INDEX mlflow_connection_pkey ON public.mlflow_connection USING btree (org_id)
CREATE UNIQUE INDEX mlflow_webhook_hook_id ON public.mlflow_webhook USING btree (hook_id)
CREATE UNIQUE INDEX mlflow_webhook_pkey ON public.mlflow_webhook USING btree (org_id)
CREATE UNIQUE INDEX model_count_pkey ON public.model_count USING btree (org_id, id)
CREATE UNIQUE INDEX model_pkey ON public.model USING btree (org_id, id)
CREATE INDEX model_source ON public.model USING btree (org_id, source_id)
CREATE INDEX model_version_by_created_at ON public.model_version USING btree (org_id, created_at, id)
CREATE INDEX model_version_by_name ON public.model_version USING btree (org_id, model_name, id)
CREATE INDEX model_version_by_number ON public.model_version USING btree (org_id, version_number, id)
CREATE INDEX model_version_by_stage ON public.model_version USING btree (org_id, stage, id)
CREATE INDEX model_version_by_updated_at ON public.model_version USING btree (org_id, updated_at, id)
CREATE INDEX model_version_evidence ON public.model_version USING btree (org_id, source_id, evidence_id)
CREATE INDEX model_version_model_id ON public.model_version USING btree (org_id, model_id)
CREATE UNIQUE INDEX model_version_pkey ON public.model_version USING btree (org_id, id)
CREATE INDEX model_version_with_gaps ON public.model_version USING btree (org_id, updated_at, id) WHERE (gap_requirements <> '{}'::text[])
CREATE UNIQUE INDEX organization_pkey ON public.organization USING btree (id)
CREATE INDEX run_experiment ON public.run USING btree (experiment_id, org_id, source_id)
CREATE UNIQUE INDEX run_pkey ON public.run USING btree (org_id, source_id, run_id)
CREATE UNIQUE INDEX session_pkey ON public.session USING btree (org_id, id)
CREATE UNIQUE INDEX session_token_hash ON public.session USING btree (token_hash)
CREATE INDEX session_user_id ON public.session USING btree (org_id, user_id)
CREATE UNIQUE INDEX sync_run_active ON public.sync_run USING btree (org_id) WHERE ((status = ANY (ARRAY['queued'::text, 'running'::text])) AND (trigger = ANY (ARRAY['scheduled'::text, 'manual'::text])))
CREATE UNIQUE INDEX sync_run_pkey ON public.sync_run USING btree (org_id, id)
CREATE INDEX sync_run_unevaluated ON public.sync_run USING btree (finished_at) WHERE ((finished_at IS NOT NULL) AND (evaluated_at IS NULL))
CREATE INDEX sync_run_unfinished ON public.sync_run USING btree (requested_at) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]))
CREATE UNIQUE INDEX unread_delivery_pkey ON public.unread_delivery USING btree (org_id, model_name)
CREATE UNIQUE INDEX user_account_email ON public.user_account USING btree (lower(email))
CREATE UNIQUE INDEX user_account_pkey ON public.user_account USING btree (org_id, id)
CREATE UNIQUE INDEX vault_key_pkey ON public.vault_key USING btree (kid)
CREATE UNIQUE INDEX version_change_pkey ON public.version_change USING btree (org_id, id)
CREATE INDEX version_change_run_id ON public.version_change USING btree (org_id, run_id, id)
CREATE INDEX version_change_version_id ON public.version_change USING btree (org_id, version_id, id)
CREATE UNIQUE INDEX version_count_pkey ON public.version_count USING btree (org_id, id)
CREATE UNIQUE INDEX waiver_pkey ON public.waiver USING btree (org_id, id)
CREATE INDEX waiver_version_id ON public.waiver USING btree (org_id, version_id, rule, id)
CREATE INDEX waiver_waiting ON public.waiver USING btree (org_id, ends_at) WHERE (status = 'requested'::text)
CREATE UNIQUE INDEX webhook_delivery_pkey ON public.webhook_delivery USING btree (org_id, id)
CREATE INDEX webhook_delivery_received_at ON public.webhook_delivery USING btree (org_id, received_at)
CREATE UNIQUE INDEX worker_heartbeat_pkey ON public.worker_heartbeat USING btree (worker_id)

-- row level security
api_key enabled=t forced=t
attempt_limit enabled=f forced=f
attestation enabled=t forced=t
audit_event enabled=t forced=t
audit_head enabled=t forced=t
catalogue_use enabled=t forced=t
credential enabled=t forced=t
experiment enabled=t forced=t
experiment_count enabled=t forced=t
finding enabled=t forced=t
finding_move enabled=t forced=t
former_source enabled=t forced=t
gate_answer enabled=t forced=t
governance_state enabled=t forced=t
held_version enabled=t forced=t
inventory_entry enabled=t forced=t
inventory_entry_change enabled=t forced=t
mlflow_connection enabled=t forced=t
mlflow_webhook enabled=t forced=t
model enabled=t forced=t
model_count enabled=t forced=t
model_version enabled=t forced=t
organization enabled=t forced=t
run enabled=t forced=t
schema_migration enabled=f forced=f
session enabled=t forced=t
sync_run enabled=t forced=t
unread_delivery enabled=t forced=t
user_account enabled=t forced=t
vault_key enabled=f forced=f
version_change enabled=t forced=t
version_count enabled=t forced=t
waiver enabled=t forced=t
webhook_delivery enabled=t forced=t
worker_heartbeat enabled=f forced=f

-- policies
api_key app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
api_key owner TO vw_owner USING true CHECK true
attestation app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
attestation owner TO vw_owner USING true CHECK true
audit_event app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
audit_event owner TO vw_owner USING true CHECK true
audit_head app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
audit_head owner TO vw_owner USING true CHECK true
catalogue_use app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
catalogue_use owner TO vw_owner USING true CHECK true
credential app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
credential owner TO vw_owner USING true CHECK true
experiment app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
experiment owner TO vw_owner USING true CHECK true
experiment_count app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
experiment_count owner TO vw_owner USING true CHECK true
finding app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
finding owner TO vw_owner USING true CHECK true
finding_move app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
finding_move owner TO vw_owner USING true CHECK true
former_source app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
former_source owner TO vw_owner USING true CHECK true
gate_answer app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
gate_answer owner TO vw_owner USING true CHECK true
governance_state app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
governance_state owner TO vw_owner USING true CHECK true
held_version app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
held_version owner TO vw_owner USING true CHECK true
inventory_entry app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
inventory_entry owner TO vw_owner USING true CHECK true
inventory_entry_change app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
inventory_entry_change owner TO vw_owner USING true CHECK true
mlflow_connection app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
mlflow_connection owner TO vw_owner USING true CHECK true
mlflow_webhook app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
mlflow_webhook owner TO vw_owner USING true CHECK true
model app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
model owner TO vw_owner USING true CHECK true
model_count app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
model_count owner TO vw_owner USING true CHECK true
model_version app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
model_version owner TO vw_owner USING true CHECK true
organization app TO vw_app USING (id = ( SELECT app_org() AS app_org)) CHECK (id = ( SELECT app_org() AS app_org))
organization owner TO vw_owner USING true CHECK true
run app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
run owner TO vw_owner USING true CHECK true
session app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
session owner TO vw_owner USING true CHECK true
sync_run app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
sync_run owner TO vw_owner USING true CHECK true
unread_delivery app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
unread_delivery owner TO vw_owner USING true CHECK true
user_account app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
user_account owner TO vw_owner USING true CHECK true
version_change app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
version_change owner TO vw_owner USING true CHECK true
version_count app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
version_count owner TO vw_owner USING true CHECK true
waiver app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
waiver owner TO vw_owner USING true CHECK true
webhook_delivery app TO vw_app USING (org_id = ( SELECT app_org() AS app_org)) CHECK (org_id = ( SELECT app_org() AS app_org))
webhook_delivery owner TO vw_owner USING true CHECK true

-- grants
api_key vw_app: INSERT, SELECT, UPDATE
attempt_limit vw_app: DELETE, INSERT, SELECT, UPDATE
attestation vw_app: INSERT, SELECT
audit_event vw_app: INSERT, SELECT
audit_head vw_app: INSERT, SELECT, UPDATE
catalogue_use vw_app: INSERT, SELECT
credential vw_app: DELETE, INSERT, SELECT, UPDATE
experiment vw_app: DELETE, INSERT, SELECT, UPDATE
experiment_count vw_app: DELETE, INSERT, SELECT
finding vw_app: INSERT, SELECT, UPDATE
finding_move vw_app: INSERT, SELECT
former_source vw_app: DELETE, INSERT, SELECT, UPDATE
gate_answer vw_app: INSERT, SELECT
governance_state vw_app: DELETE, INSERT, SELECT, UPDATE
held_version vw_app: DELETE, INSERT, SELECT, UPDATE
inventory_entry vw_app: INSERT, SELECT, UPDATE
inventory_entry_change vw_app: INSERT, SELECT
mlflow_connection vw_app: DELETE, INSERT, SELECT, UPDATE
mlflow_webhook vw_app: DELETE, INSERT, SELECT, UPDATE
model vw_app: DELETE, INSERT, SELECT, UPDATE
model_count vw_app: DELETE, INSERT, SELECT
model_version vw_app: DELETE, INSERT, SELECT, UPDATE
organization vw_app: DELETE, INSERT, SELECT, UPDATE
run vw_app: DELETE, INSERT, SELECT, UPDATE
schema_migration vw_app: SELECT
session vw_app: DELETE, INSERT, SELECT, UPDATE
sync_run vw_app: DELETE, INSERT, SELECT, UPDATE
unread_delivery vw_app: DELETE, INSERT, SELECT, UPDATE
user_account vw_app: DELETE, INSERT, SELECT, UPDATE
vault_key vw_app: INSERT, SELECT
version_change vw_app: INSERT, SELECT
version_count vw_app: DELETE, INSERT, SELECT
waiver vw_app: INSERT, SELECT, UPDATE
webhook_delivery vw_app: DELETE, INSERT, SELECT, UPDATE
worker_heartbeat vw_app: DELETE, INSERT, SELECT, UPDATE

-- triggers
CREATE TRIGGER count_changed_versions AFTER UPDATE ON public.model_version REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_changed_versions()
CREATE TRIGGER count_new_versions AFTER INSERT ON public.model_version REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_new_versions()

-- functions
CREATE OR REPLACE FUNCTION public.abandoned_runs(queued_seconds integer, silent_seconds integer)
 RETURNS TABLE(org_id uuid, id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT r.org_id,
     r.id
    FROM sync_run r
   WHERE (((r.status = 'queued'::text) AND (r.requested_at < (now() - make_interval(secs => (abandoned_runs.queued_seconds)::double precision)))) OR ((r.status = 'running'::text) AND (r.heartbeat_at < (now() - make_interval(secs => (abandoned_runs.silent_seconds)::double precision)))));
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.app_org()
 RETURNS uuid
 LANGUAGE sql
 STABLE
RETURN (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid
CREATE OR REPLACE FUNCTION public.claim_polls(most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 UPDATE mlflow_connection c SET next_poll_at = (now() + make_interval(secs => (c.poll_seconds)::double precision))
   WHERE (c.org_id IN ( SELECT d.org_id
            FROM mlflow_connection d
           WHERE ((d.poll_seconds > 0) AND (d.versions_seen_at IS NOT NULL) AND (d.next_poll_at <= now()))
           ORDER BY d.next_poll_at
          LIMIT claim_polls.most
          FOR UPDATE OF d SKIP LOCKED))
   RETURNING c.org_id;
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.count_changed_versions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      BEGIN
        INSERT INTO version_count (org_id, stage, removed, gap_requirements, versions)
        SELECT org_id, stage, removed_at IS NOT NULL, coalesce(gap_requirements, '{}'), sum(n) FROM (SELECT *, 1 AS n FROM new_rows UNION ALL SELECT *, -1 FROM old_rows) v
        GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
        INSERT INTO model_count (org_id, model_id, search_name, removed, none, staging, production, archived)
        SELECT * FROM (
          SELECT org_id, model_id, lower(model_name), removed_at IS NOT NULL,
            coalesce(sum(n) FILTER (WHERE stage = 'None'), 0), coalesce(sum(n) FILTER (WHERE stage = 'Staging'), 0), coalesce(sum(n) FILTER (WHERE stage = 'Production'), 0), coalesce(sum(n) FILTER (WHERE stage = 'Archived'), 0)
          FROM (SELECT *, 1 AS n FROM new_rows UNION ALL SELECT *, -1 FROM old_rows) v GROUP BY 1, 2, 3, 4
        ) changed (org_id, model_id, search_name, removed, none, staging, production, archived)
        WHERE (none, staging, production, archived) <> (0, 0, 0, 0);
        INSERT INTO experiment_count (org_id, source_id, experiment_id, versions)
        SELECT org_id, source_id, experiment_id, sum(n) FROM (SELECT *, 1 AS n FROM new_rows UNION ALL SELECT *, -1 FROM old_rows) v
        WHERE removed_at IS NULL AND experiment_id IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
        RETURN NULL;
      END $function$
CREATE OR REPLACE FUNCTION public.count_new_versions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      BEGIN
        INSERT INTO version_count (org_id, stage, removed, gap_requirements, versions)
        SELECT org_id, stage, removed_at IS NOT NULL, coalesce(gap_requirements, '{}'), sum(n) FROM (SELECT *, 1 AS n FROM new_rows) v
        GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
        INSERT INTO model_count (org_id, model_id, search_name, removed, none, staging, production, archived)
        SELECT * FROM (
          SELECT org_id, model_id, lower(model_name), removed_at IS NOT NULL,
            coalesce(sum(n) FILTER (WHERE stage = 'None'), 0), coalesce(sum(n) FILTER (WHERE stage = 'Staging'), 0), coalesce(sum(n) FILTER (WHERE stage = 'Production'), 0), coalesce(sum(n) FILTER (WHERE stage = 'Archived'), 0)
          FROM (SELECT *, 1 AS n FROM new_rows) v GROUP BY 1, 2, 3, 4
        ) changed (org_id, model_id, search_name, removed, none, staging, production, archived)
        WHERE (none, staging, production, archived) <> (0, 0, 0, 0);
        INSERT INTO experiment_count (org_id, source_id, experiment_id, versions)
        SELECT org_id, source_id, experiment_id, sum(n) FROM (SELECT *, 1 AS n FROM new_rows) v
        WHERE removed_at IS NULL AND experiment_id IS NOT NULL GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
        RETURN NULL;
      END $function$
CREATE OR REPLACE FUNCTION public.delete_organization(wanted uuid)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 WITH gone AS (
          DELETE FROM organization o
           WHERE ((o.id = delete_organization.wanted) AND (o.id = app_org()))
           RETURNING 1 AS "?column?"
         )
  SELECT (EXISTS ( SELECT
            FROM gone)) AS "exists";
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.due_connections(most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT c.org_id
    FROM mlflow_connection c
   WHERE (c.next_sync_at <= now())
   ORDER BY c.next_sync_at
  LIMIT due_connections.most;
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.find_api_key(wanted bytea)
 RETURNS TABLE(org_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT k.org_id
    FROM api_key k
   WHERE (k.token_hash = find_api_key.wanted);
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.find_session(wanted bytea)
 RETURNS TABLE(org_id uuid, id uuid, user_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT s.org_id,
     s.id,
     s.user_id
    FROM session s
   WHERE (s.token_hash = find_session.wanted);
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.find_user_by_email(wanted text)
 RETURNS TABLE(org_id uuid, id uuid, password_hash text, active boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT u.org_id,
     u.id,
     u.password_hash,
     u.active
    FROM user_account u
   WHERE (lower(u.email) = lower(find_user_by_email.wanted));
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.find_webhook(wanted uuid)
 RETURNS TABLE(org_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT w.org_id
    FROM mlflow_webhook w
   WHERE ((w.hook_id = find_webhook.wanted) AND (w.state <> 'left'::text));
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.lapsed_findings()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT DISTINCT f.org_id
    FROM finding f
   WHERE (f.due_at <= now());
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.organization_count()
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
RETURN (SELECT (count(*))::integer AS count FROM organization)
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.organization_ids()
 RETURNS TABLE(id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT o.id
    FROM organization o
   ORDER BY o.id;
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.setup_required()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
RETURN (NOT (EXISTS (SELECT FROM organization)))
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
CREATE OR REPLACE FUNCTION public.unevaluated_runs(ended_seconds integer)
 RETURNS TABLE(org_id uuid, id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT DISTINCT ON (r.org_id) r.org_id,
     r.id
    FROM sync_run r
   WHERE ((r.evaluated_at IS NULL) AND (r.finished_at < (now() - make_interval(secs => (unevaluated_runs.ended_seconds)::double precision))))
   ORDER BY r.org_id, r.id DESC;
END
 ACL {vw_owner=X/vw_owner,vw_app=X/vw_owner}
