-- For the user: files are kept with contacts, companies and deals.
-- Safe while old code runs: it does not know the table.
create table attachments (
  id uuid not null,
  contact_id uuid,
  company_id uuid,
  deal_id uuid,
  file_id uuid not null,
  preview_id uuid,
  note text,
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null default 1,
  constraint attachments_pkey primary key (id),
  -- A file is attached once, to one record.
  constraint attachments_file_id_key unique (file_id),
  constraint attachments_record_check check (num_nonnulls(contact_id, company_id, deal_id) = 1),
  constraint attachments_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint attachments_company_id_fkey foreign key (company_id) references companies (id) on delete cascade,
  constraint attachments_deal_id_fkey foreign key (deal_id) references deals (id) on delete cascade,
  constraint attachments_file_id_fkey foreign key (file_id) references files (id) on delete cascade,
  constraint attachments_preview_id_fkey foreign key (preview_id) references files (id) on delete set null
);
create index attachments_contact_id_idx on attachments (contact_id, created_at desc, id desc) where contact_id is not null;
create index attachments_company_id_idx on attachments (company_id, created_at desc, id desc) where company_id is not null;
create index attachments_deal_id_idx on attachments (deal_id, created_at desc, id desc) where deal_id is not null;
create index attachments_preview_id_idx on attachments (preview_id) where preview_id is not null;
create index attachments_created_at_idx on attachments (created_at desc, id desc);
