-- For the user: companies that may be one are found and told with the reasons; they become one, nothing of them is lost, and a
-- merge can be undone.
-- Safe while old code runs: a nullable column, derived columns and new tables; to old code a merged company is a deleted one.

-- A company that went stays as a row, so that an undo finds everything that never moved.
alter table companies add column merged_into uuid;
alter table companies add constraint companies_merged_into_fkey foreign key (merged_into) references companies (id) on delete cascade;
alter table companies add constraint companies_merged_into_check check (merged_into is null or deleted_at is not null);
create index companies_merged_into_idx on companies (merged_into) where merged_into is not null;

-- What companies are compared by, besides tax_key, e-mail and phone: the name without its legal form, and the host of the
-- website and of the e-mail address where no stranger has a page or an address.
alter table companies
  add column alike_key text collate "C" not null generated always as (coalesce(nullif(replace(regexp_replace(
    ' ' || translate(name_key, '.,;:''"()&+/_-', ''),
    '( +(gmbh|mbh|ag|kg|ohg|ug|ev|ltd|limited|llc|inc|incorporated|corp|corporation|co|company|plc|llp|lp|sa|sas|sarl|srl|spa|bv|nv|oy|ab|as|aps|pty|pte|fze|fzco|wll|ذمم|شمم|شمل))+ *$',
    ''), ' ', ''), ''), name_key)) stored,
  add column site_key text collate "C" generated always as (case when domain !~
    '(^|\.)(facebook|instagram|linkedin|x|twitter|youtube|tiktok|google|wixsite|wordpress|blogspot|linktr|github|etsy|amazon)\.[a-z.]+$'
    then domain end) stored,
  add column mail_key text collate "C" generated always as (case when lower(split_part(email, '@', 2)) !~
    '^((gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|icloud|me|aol|gmx|web|mail|proton|protonmail|t-online|yandex|zoho)\.[a-z.]+)?$'
    then lower(split_part(email, '@', 2)) end) stored;
create index companies_alike_key_idx on companies (alike_key, id) where deleted_at is null;
create index companies_site_key_idx on companies (site_key, id) where deleted_at is null and site_key is not null;
create index companies_mail_key_idx on companies (mail_key, id) where deleted_at is null and mail_key is not null;
create index companies_email_idx on companies (lower(email), id) where deleted_at is null and email is not null;
create index companies_phone_idx on companies (phone, id) where deleted_at is null and phone is not null;

-- `before` is the company that is kept as it was, with the index of its custom values; the drafts are what could be edited of
-- it before and after, so that an edit made since is told from the merge.
create table company_merges (
  id uuid not null,
  kept_id uuid not null,
  state text not null default 'done',
  fields text[] not null default '{}',
  moved bigint not null default 0,
  before jsonb not null,
  draft_before jsonb not null,
  draft_after jsonb not null,
  actor_kind text not null,
  actor_id uuid,
  created_at timestamptz not null,
  undone_by uuid,
  undone_at timestamptz,
  kept_edits text[] not null default '{}',
  missing bigint not null default 0,
  edited bigint not null default 0,
  version bigint not null default 1,
  constraint company_merges_pkey primary key (id),
  constraint company_merges_kept_id_fkey foreign key (kept_id) references companies (id) on delete cascade,
  constraint company_merges_state_check check (state in ('done', 'undone')),
  constraint company_merges_undone_at_check check ((state = 'undone') = (undone_at is not null))
);
create index company_merges_created_at_idx on company_merges (created_at, id);
create index company_merges_kept_id_idx on company_merges (kept_id, created_at, id);

-- The companies that went, as they were: row and index of custom values.
create table company_merge_members (
  merge_id uuid not null,
  merged_id uuid not null,
  position smallint not null,
  before jsonb not null,
  constraint company_merge_members_pkey primary key (merge_id, merged_id),
  constraint company_merge_members_merge_id_fkey foreign key (merge_id) references company_merges (id) on delete cascade,
  constraint company_merge_members_merged_id_fkey foreign key (merged_id) references companies (id) on delete cascade
);
create index company_merge_members_merged_id_idx on company_merge_members (merged_id);

-- Which rows of which tables moved (step 0), and which were changed to make room, as they were and became.
create table company_merge_rows (
  merge_id uuid not null,
  merged_id uuid not null,
  table_name text not null,
  column_name text not null,
  step smallint not null,
  key jsonb not null,
  before jsonb,
  after jsonb,
  constraint company_merge_rows_pkey primary key (merge_id, merged_id, table_name, column_name, step, key),
  constraint company_merge_rows_merge_id_fkey foreign key (merge_id, merged_id) references company_merge_members (merge_id, merged_id)
    on delete cascade,
  constraint company_merge_rows_step_check check ((step = 0) = (before is null))
);

-- Each pair once: one_id is the smaller id. How sure it is follows from what speaks for it.
create table company_duplicates (
  id uuid not null,
  one_id uuid not null,
  other_id uuid not null,
  reasons text[] not null,
  confidence smallint not null generated always as (least(99, 8 * (cardinality(reasons) - 1) + case
    when 'tax_id' = any (reasons) then 95 when 'email' = any (reasons) then 85 when 'phone' = any (reasons) then 75
    when 'website' = any (reasons) then 70 else 65 end)::smallint) stored,
  state text not null default 'open',
  merge_id uuid,
  decided_by uuid,
  decided_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint company_duplicates_pkey primary key (id),
  constraint company_duplicates_one_id_key unique (one_id, other_id),
  constraint company_duplicates_one_id_fkey foreign key (one_id) references companies (id) on delete cascade,
  constraint company_duplicates_other_id_fkey foreign key (other_id) references companies (id) on delete cascade,
  constraint company_duplicates_merge_id_fkey foreign key (merge_id) references company_merges (id) on delete cascade,
  constraint company_duplicates_order_check check (one_id < other_id),
  constraint company_duplicates_reasons_check check (reasons <@ array['tax_id', 'email', 'phone', 'website', 'name']),
  constraint company_duplicates_state_check check (state in ('open', 'dismissed')),
  constraint company_duplicates_decided_at_check check ((state = 'dismissed') = (decided_at is not null))
);
create index company_duplicates_confidence_idx on company_duplicates (confidence, id) where state = 'open';
create index company_duplicates_created_at_idx on company_duplicates (created_at, id);
create index company_duplicates_other_id_idx on company_duplicates (other_id);
create index company_duplicates_merge_id_idx on company_duplicates (merge_id) where merge_id is not null;

-- Companies that are there already are compared once, as companies/src/company_duplicates/db.rs compares them when they change.
insert into company_duplicates (id, one_id, other_id, reasons, created_at, updated_at)
select gen_random_uuid(), f.one_id, f.other_id, f.reasons, now(), now()
from (
  select q.one_id, q.other_id, array_remove(array[
    case when x.tax_key = y.tax_key then 'tax_id' end,
    case when lower(x.email) = lower(y.email) then 'email' end,
    case when x.phone = y.phone then 'phone' end,
    case when (x.site_key in (y.site_key, y.mail_key) or x.mail_key in (y.site_key, y.mail_key))
      and x.parent_id is distinct from y.id and y.parent_id is distinct from x.id and (x.parent_id = y.parent_id) is not true then 'website' end,
    case when x.alike_key = y.alike_key then 'name' end], null) as reasons
  from (
    select o.id as one_id, c.id as other_id from companies c cross join lateral (
      select x.id from companies x where x.alike_key = c.alike_key and x.id < c.id and x.deleted_at is null order by x.id limit 20) o
    where c.deleted_at is null
    union
    select o.id, c.id from companies c cross join lateral (
      select x.id from companies x where x.tax_key = c.tax_key and x.id < c.id and x.deleted_at is null order by x.id limit 20) o
    where c.deleted_at is null and c.tax_key is not null
    union
    select o.id, c.id from companies c cross join lateral (
      select x.id from companies x where x.phone = c.phone and x.id < c.id and x.deleted_at is null order by x.id limit 20) o
    where c.deleted_at is null and c.phone is not null
    union
    select o.id, c.id from companies c cross join lateral (
      select x.id from companies x where lower(x.email) = lower(c.email) and x.id < c.id and x.deleted_at is null order by x.id limit 20) o
    where c.deleted_at is null and c.email is not null
    union
    select o.id, c.id from companies c cross join lateral (
      select x.id from companies x where x.site_key = c.site_key and x.id < c.id and x.deleted_at is null order by x.id limit 20) o
    where c.deleted_at is null and c.site_key is not null
    union
    select least(o.id, c.id), greatest(o.id, c.id) from companies c cross join lateral (
      select x.id from companies x where x.site_key = c.mail_key and x.id <> c.id and x.deleted_at is null order by x.id limit 20) o
    where c.deleted_at is null and c.mail_key is not null
    union
    select o.id, c.id from companies c cross join lateral (
      select x.id from companies x where x.mail_key = c.mail_key and x.id < c.id and x.deleted_at is null order by x.id limit 20) o
    where c.deleted_at is null and c.mail_key is not null) q
  join companies x on x.id = q.one_id join companies y on y.id = q.other_id) f
where f.reasons <> '{}';
