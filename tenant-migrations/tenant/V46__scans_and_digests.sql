-- For the user: files are looked through by a virus scanner, tasks and activities have files, and news of one morning come in
-- one e-mail.
-- Safe while old code runs: columns that may be empty, a table it does not know, and checks that only allow more.

-- What a scanner said: null when none was in force. Only what nobody doubts is handed out.
alter table files add column scan text;
alter table files add column scan_attempts int not null default 0;
alter table files add constraint files_scan_check check (scan in ('pending', 'clean', 'infected', 'failed'));
-- What old code found infected.
update files set scan = 'infected' where state = 'quarantined';
create index files_scan_idx on files (scan, created_at desc, id desc) where scan in ('pending', 'infected', 'failed');

alter table attachments add column task_id uuid;
alter table attachments add column activity_id uuid;
alter table attachments drop constraint attachments_record_check;
alter table attachments add constraint attachments_record_check
  check (num_nonnulls(contact_id, company_id, deal_id, task_id, activity_id) = 1);
alter table attachments add constraint attachments_task_id_fkey foreign key (task_id) references tasks (id) on delete cascade;
alter table attachments add constraint attachments_activity_id_fkey foreign key (activity_id) references activities (id) on delete cascade;
create index attachments_task_id_idx on attachments (task_id, created_at desc, id desc) where task_id is not null;
create index attachments_activity_id_idx on attachments (activity_id, created_at desc, id desc) where activity_id is not null;

-- Lines of e-mails that wait a moment for others. A line is sent once, and nobody gets a second one under the same key.
create table digest_lines (
  id uuid not null,
  user_id uuid not null,
  module text not null,
  title text not null,
  link text,
  mail jsonb not null,
  contact_id uuid,
  -- What it says in the app, when it is told there too.
  notification_id uuid,
  dedupe_key text not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint digest_lines_pkey primary key (id),
  constraint digest_lines_key unique (user_id, dedupe_key)
);
create index digest_lines_waiting_idx on digest_lines (user_id, module, created_at, id) where sent_at is null;
create index digest_lines_created_at_idx on digest_lines (created_at);
create index digest_lines_contact_id_idx on digest_lines (contact_id) where contact_id is not null;
