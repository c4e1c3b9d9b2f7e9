-- For the user: notes have files.
-- Safe while old code runs: a column that may be empty, and a check that only allows more.
alter table attachments add column note_id uuid;
alter table attachments drop constraint attachments_record_check;
alter table attachments add constraint attachments_record_check
  check (num_nonnulls(contact_id, company_id, deal_id, task_id, activity_id, note_id) = 1);
alter table attachments add constraint attachments_note_id_fkey foreign key (note_id) references notes (id) on delete cascade;
create index attachments_note_id_idx on attachments (note_id, created_at desc, id desc) where note_id is not null;
