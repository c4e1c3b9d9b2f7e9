-- For the user: contacts, companies and deals have the fields that the tenant defines itself.
-- Safe while old code runs: new tables, and columns with a default that old statements leave alone.

-- record, key and type never change: values, filters and formulas say them. A field that is being deleted keeps its key
-- until its last value is gone, so that a new one of the same key begins empty.
create table custom_fields (
  id uuid not null,
  record text not null,
  key text collate "C" not null,
  label text not null,
  help text,
  type text not null,
  options jsonb[] not null default '{}',
  decimals smallint,
  currency text,
  target text,
  expression text,
  result text,
  blank_as_zero boolean not null default false,
  is_required boolean not null default false,
  is_unique boolean not null default false,
  default_value jsonb,
  section text,
  position integer not null,
  archived_at timestamptz,
  deleting_at timestamptz,
  work_done bigint not null default 0,
  work_total bigint not null default 0,
  work_state text not null default 'idle',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint custom_fields_pkey primary key (id),
  constraint custom_fields_key_key unique (record, key),
  constraint custom_fields_record_check check (record in ('contact', 'company', 'deal')),
  constraint custom_fields_target_check check (target in ('contact', 'company', 'deal')),
  constraint custom_fields_type_check check (type in ('text', 'long_text', 'number', 'money', 'date', 'select',
    'multi_select', 'checkbox', 'link', 'file', 'formula')),
  constraint custom_fields_result_check check (result in ('text', 'number', 'money', 'date', 'checkbox')),
  constraint custom_fields_work_state_check check (work_state in ('idle', 'waiting', 'running'))
);
create index custom_fields_position_idx on custom_fields (position, id);
create index custom_fields_created_at_idx on custom_fields (created_at, id);

-- What the values of records are found, ordered and told apart by: at least one row for each value, one for each option
-- of several. Written in the transaction of the record, which holds the values themselves in its column custom.
-- record_id has no foreign key, because it names a row of one of three tables; whoever removes the record removes it.
create table custom_field_values (
  record_id uuid not null,
  field_id uuid not null,
  position smallint not null default 0,
  text_key text collate "C",
  search_key text collate "C",
  number_key bigint,
  date_key date,
  unique_key text collate "C",
  constraint custom_field_values_pkey primary key (record_id, field_id, position),
  constraint custom_field_values_field_id_fkey foreign key (field_id) references custom_fields (id)
);
create index custom_field_values_field_id_idx on custom_field_values (field_id, record_id);
create index custom_field_values_text_idx on custom_field_values (field_id, text_key, record_id) where text_key is not null;
create index custom_field_values_number_idx on custom_field_values (field_id, number_key, record_id)
  where number_key is not null;
create index custom_field_values_date_idx on custom_field_values (field_id, date_key, record_id) where date_key is not null;
create unique index custom_field_values_unique_key on custom_field_values (field_id, unique_key)
  where unique_key is not null;
-- A short pending list: a search reads it row by row.
create index custom_field_values_search_idx on custom_field_values using gin (search_key gin_trgm_ops)
  with (gin_pending_list_limit = 512) where search_key is not null;

alter table contacts add column custom jsonb not null default '{}';
alter table companies add column custom jsonb not null default '{}';
alter table deals add column custom jsonb not null default '{}';
