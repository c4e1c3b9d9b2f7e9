-- For the user: notes, calls, meetings and messages are kept with companies and deals too, WhatsApp and SMS are told apart,
-- and notes name colleagues.
-- Safe while old code runs: it joins contacts, so it does not see what has none; the new columns are nullable or have a default.

-- A note is about one record. Colleagues that its text names and that may see it are `mentions`: they were told.
alter table notes alter column contact_id drop not null;
alter table notes add column company_id uuid;
alter table notes add column deal_id uuid;
alter table notes add column mentions uuid[] not null default '{}';
alter table notes add constraint notes_record_check check (num_nonnulls(contact_id, company_id, deal_id) = 1);
alter table notes add constraint notes_company_id_fkey foreign key (company_id) references companies (id) on delete cascade;
alter table notes add constraint notes_deal_id_fkey foreign key (deal_id) references deals (id) on delete cascade;
create index notes_company_id_idx on notes (company_id, created_at, id) where company_id is not null;
create index notes_deal_id_idx on notes (deal_id, created_at, id) where deal_id is not null;

-- An activity is about a deal, a company or a contact; about a deal or a company it may say with which contact it was.
alter table activities alter column contact_id drop not null;
alter table activities add column company_id uuid;
alter table activities add column deal_id uuid;
alter table activities add constraint activities_record_check
  check (num_nonnulls(company_id, deal_id) <= 1 and num_nonnulls(contact_id, company_id, deal_id) > 0);
alter table activities add constraint activities_company_id_fkey foreign key (company_id) references companies (id) on delete cascade;
alter table activities add constraint activities_deal_id_fkey foreign key (deal_id) references deals (id) on delete cascade;
create index activities_company_id_idx on activities (company_id, occurred_at, id) where company_id is not null;
create index activities_deal_id_idx on activities (deal_id, occurred_at, id) where deal_id is not null;
alter table activities drop constraint activities_kind_check;
alter table activities add constraint activities_kind_check
  check (kind in ('call', 'meeting', 'email', 'whatsapp', 'sms', 'message', 'other'));

-- Timelines of deals and companies find what belongs to them, also when its row is gone.
create index events_deal_idx on events ((payload ->> 'deal'), occurred_at) where payload ->> 'deal' is not null;
create index events_company_idx on events ((payload ->> 'company'), occurred_at) where payload ->> 'company' is not null;
