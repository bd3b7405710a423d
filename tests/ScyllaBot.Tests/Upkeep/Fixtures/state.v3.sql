-- A database as schema version 3 left it: a job that ended, one in the middle, one that waits to be approved. Never changed again.
PRAGMA journal_mode = WAL;
PRAGMA application_id = 1399014004;
PRAGMA user_version = 3;

CREATE TABLE event (
  stream TEXT NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (stream, sequence)) STRICT, WITHOUT ROWID;
CREATE TABLE job (
  id TEXT PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, cluster TEXT NOT NULL, workflow TEXT NOT NULL, title TEXT NOT NULL,
  operator_id TEXT NOT NULL, operator_name TEXT NOT NULL, created TEXT NOT NULL, targets INTEGER NOT NULL,
  state TEXT NOT NULL, outcome TEXT, updated TEXT NOT NULL, sequence INTEGER NOT NULL, held INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE step (
  job TEXT NOT NULL REFERENCES job (id), path TEXT NOT NULL, node TEXT NOT NULL, status TEXT NOT NULL,
  attempt INTEGER NOT NULL, failures INTEGER NOT NULL, first_started TEXT, deadline TEXT, retry_at TEXT,
  updated TEXT NOT NULL, why TEXT,
  PRIMARY KEY (job, path, node)) STRICT, WITHOUT ROWID;
CREATE TABLE approval (
  job TEXT NOT NULL REFERENCES job (id), key TEXT NOT NULL, message TEXT NOT NULL, plan_hash TEXT NOT NULL, expires TEXT NOT NULL,
  needed INTEGER NOT NULL, given INTEGER NOT NULL, refused_by TEXT, refused_why TEXT, expired INTEGER NOT NULL,
  PRIMARY KEY (job, key)) STRICT, WITHOUT ROWID;
CREATE TABLE held (
  job TEXT NOT NULL REFERENCES job (id), node TEXT NOT NULL, since TEXT NOT NULL, step TEXT NOT NULL,
  PRIMARY KEY (job, node)) STRICT, WITHOUT ROWID;
CREATE TABLE lease (
  cluster TEXT PRIMARY KEY, epoch INTEGER NOT NULL, job TEXT REFERENCES job (id), since TEXT NOT NULL, class TEXT, exclusive_group TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE debt (
  id TEXT PRIMARY KEY, cluster TEXT NOT NULL, job TEXT NOT NULL, step TEXT, kind TEXT NOT NULL, subject TEXT NOT NULL,
  what TEXT NOT NULL, opened TEXT NOT NULL, deadline TEXT NOT NULL, nature TEXT NOT NULL, undo_task TEXT NOT NULL, undo_node TEXT,
  undo_inputs TEXT NOT NULL, undo_by_itself INTEGER NOT NULL, paid TEXT, paid_by TEXT, paid_why TEXT, told TEXT) STRICT, WITHOUT ROWID;
CREATE INDEX debt_open ON debt (cluster, opened) WHERE paid IS NULL;
CREATE TABLE "outbox" (
  id INTEGER PRIMARY KEY, job TEXT NOT NULL, sequence INTEGER NOT NULL, item INTEGER NOT NULL,
  kind TEXT NOT NULL, channel TEXT NOT NULL, payload TEXT NOT NULL, first_tried TEXT, message TEXT,
  UNIQUE (job, sequence, item)) STRICT;
CREATE INDEX outbox_pending ON outbox (id) WHERE message IS NULL;

INSERT INTO event (stream, sequence, kind, version, body) VALUES ('bot', 1, 'audited', 1, '{"by":{"id":"100000000000000002","name":"Ben \"b\" O''Hara"},"interaction_id":"interaction-2","channel":"ops","said":"/scp abort","decision":"refused: not an operator","at":"2026-01-05T08:00:29+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000001AAAAAA', 1, 'created', 1, '{"request_id":"old-1","workflow_name":"say_it_twice","workflow_text":"name: Say it twice\ncluster_tasks:\n  - task: !send-webhook-message\n      message: one\n      channels: [ops]\n  - task: !send-webhook-message\n      message: two\n      channels: [ops]\n","variables":{},"cluster":"alpha","operator":{"id":"100000000000000001","name":"Ana"},"targets":[{"name":"alpha-a-1","address":"127.0.1.1","host_id":"00000001-0002-0003-0405-060708090a0b","datacenter":"dc1","rack":"a","version":"2025.1.4"}],"plan_hash":"sha256:ab","reason":"kernel update","title":"Say it twice","channel":"ops","at":"2026-01-05T08:00:00+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000001AAAAAA', 2, 'began', 1, '{"at":"2026-01-05T08:00:01+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000001AAAAAA', 3, 'lease_taken', 1, '{"cluster":"alpha","epoch":1,"at":"2026-01-05T08:00:01+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000001AAAAAA', 4, 'step_started', 1, '{"key":"1","attempt":1,"deadline":null,"at":"2026-01-05T08:00:02+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000001AAAAAA', 5, 'step_succeeded', 1, '{"key":"1","attempt":1,"at":"2026-01-05T08:00:03+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000001AAAAAA', 6, 'lease_released', 1, '{"cluster":"alpha","epoch":1,"at":"2026-01-05T08:00:04+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000001AAAAAA', 7, 'ended', 1, '{"outcome":"succeeded","why":"","at":"2026-01-05T08:00:04+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000002AAAAAA', 1, 'created', 1, '{"request_id":"old-2","workflow_name":"say_it_twice","workflow_text":"name: Say it twice\ncluster_tasks:\n  - task: !send-webhook-message\n      message: one\n      channels: [ops]\n  - task: !send-webhook-message\n      message: two\n      channels: [ops]\n","variables":{},"cluster":"alpha","operator":{"id":"100000000000000001","name":"Ana"},"targets":[{"name":"alpha-a-1","address":"127.0.1.1","host_id":"00000001-0002-0003-0405-060708090a0b","datacenter":"dc1","rack":"a","version":"2025.1.4"}],"plan_hash":"sha256:ab","reason":"kernel update","title":"Say it twice","channel":"ops","at":"2026-01-05T08:00:10+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000002AAAAAA', 2, 'began', 1, '{"at":"2026-01-05T08:00:11+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000002AAAAAA', 3, 'lease_taken', 1, '{"cluster":"alpha","epoch":2,"at":"2026-01-05T08:00:11+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000002AAAAAA', 4, 'step_started', 1, '{"key":"1","attempt":1,"deadline":null,"at":"2026-01-05T08:00:12+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000002AAAAAA', 5, 'announced', 1, '{"key":"1","channels":["ops"],"message":"one","at":"2026-01-05T08:00:13+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000002AAAAAA', 6, 'step_succeeded', 1, '{"key":"1","attempt":1,"at":"2026-01-05T08:00:13+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000003AAAAAA', 1, 'created', 1, '{"request_id":"old-3","workflow_name":"say_it_twice","workflow_text":"name: Say it twice\ncluster_tasks:\n  - task: !send-webhook-message\n      message: one\n      channels: [ops]\n  - task: !send-webhook-message\n      message: two\n      channels: [ops]\n","variables":{},"cluster":"beta","operator":{"id":"100000000000000001","name":"Ana"},"targets":[],"plan_hash":"sha256:ab","reason":"kernel update","title":"Say it twice","channel":"ops","at":"2026-01-05T08:00:20+00:00"}');
INSERT INTO event (stream, sequence, kind, version, body) VALUES ('job/0000000003AAAAAA', 2, 'approval_asked', 1, '{"key":"start","message":"May I?","approvers":[],"count":1,"expires":"2026-01-06T09:00:00+00:00","plan_hash":"sha256:ab","at":"2026-01-05T08:00:20+00:00"}');
INSERT INTO job (id, request_id, cluster, workflow, title, operator_id, operator_name, created, targets, state, outcome, updated, sequence, held) VALUES ('0000000001AAAAAA', 'old-1', 'alpha', 'say_it_twice', 'Say it twice', '100000000000000001', 'Ana', '2026-01-05T08:00:00.0000000Z', 1, 'Ended', 'Succeeded', '2026-01-05T08:00:04.0000000Z', 7, 0);
INSERT INTO job (id, request_id, cluster, workflow, title, operator_id, operator_name, created, targets, state, outcome, updated, sequence, held) VALUES ('0000000002AAAAAA', 'old-2', 'alpha', 'say_it_twice', 'Say it twice', '100000000000000001', 'Ana', '2026-01-05T08:00:10.0000000Z', 1, 'Running', NULL, '2026-01-05T08:00:13.0000000Z', 6, 0);
INSERT INTO job (id, request_id, cluster, workflow, title, operator_id, operator_name, created, targets, state, outcome, updated, sequence, held) VALUES ('0000000003AAAAAA', 'old-3', 'beta', 'say_it_twice', 'Say it twice', '100000000000000001', 'Ana', '2026-01-05T08:00:20.0000000Z', 0, 'Waiting', NULL, '2026-01-05T08:00:20.0000000Z', 2, 0);
INSERT INTO step (job, path, node, status, attempt, failures, first_started, deadline, retry_at, updated, why) VALUES ('0000000001AAAAAA', '1', '', 'Succeeded', 1, 0, '2026-01-05T08:00:02.0000000Z', NULL, NULL, '2026-01-05T08:00:03.0000000Z', NULL);
INSERT INTO step (job, path, node, status, attempt, failures, first_started, deadline, retry_at, updated, why) VALUES ('0000000002AAAAAA', '1', '', 'Succeeded', 1, 0, '2026-01-05T08:00:12.0000000Z', NULL, NULL, '2026-01-05T08:00:13.0000000Z', NULL);
INSERT INTO approval (job, key, message, plan_hash, expires, needed, given, refused_by, refused_why, expired) VALUES ('0000000003AAAAAA', 'start', 'May I?', 'sha256:ab', '2026-01-06T09:00:00.0000000Z', 1, 0, NULL, NULL, 0);
INSERT INTO lease (cluster, epoch, job, since, class, exclusive_group) VALUES ('alpha', 2, '0000000002AAAAAA', '2026-01-05T08:00:11.0000000Z', NULL, NULL);
INSERT INTO outbox (id, job, sequence, item, kind, channel, payload, first_tried, message) VALUES (1, '0000000001AAAAAA', 1, 0, 'card', 'ops', '{"title":"Say it twice"}', NULL, '500/1');
INSERT INTO outbox (id, job, sequence, item, kind, channel, payload, first_tried, message) VALUES (2, '0000000002AAAAAA', 1, 0, 'card', 'ops', '{"title":"Say it twice"}', NULL, NULL);
INSERT INTO note (key, value) VALUES ('gateway', '{"session":"s"}');
