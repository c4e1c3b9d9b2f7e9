-- For the user: birthdays, anniversaries, renewals and other days of people and companies are kept, also those of the Hijri calendar.
-- Safe while old code runs: only new tables.

-- A date is kept as it was said. `anchor` is derived from it: the verbs write it with the row. It is equal for all dates that
-- fall on the same days, so that one index finds everything of a day, of a week or of a month (see occasions/dates.rs).
create table occasions (
  id uuid not null,
  contact_id uuid,
  company_id uuid,
  kind text not null,
  label text,
  date_kind text not null,
  year integer,
  month smallint not null,
  day smallint,
  nth smallint,
  weekday smallint,
  leap_policy text,
  notices integer[] not null default '{}',
  anchor text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null default 1,
  constraint occasions_pkey primary key (id),
  constraint occasions_contact_id_fkey foreign key (contact_id) references contacts (id) on delete cascade,
  constraint occasions_company_id_fkey foreign key (company_id) references companies (id) on delete cascade,
  constraint occasions_about_check check ((contact_id is null) <> (company_id is null)),
  constraint occasions_kind_check check (kind in ('birthday', 'anniversary', 'renewal', 'milestone', 'custom')),
  constraint occasions_label_check check (kind not in ('milestone', 'custom') or label is not null),
  constraint occasions_date_kind_check check (date_kind in ('yearly', 'once', 'weekday', 'hijri')),
  constraint occasions_month_check check (month between 1 and 12),
  constraint occasions_day_check check ((date_kind = 'weekday') = (day is null) and day between 1 and 31),
  constraint occasions_nth_check check ((date_kind = 'weekday') = (nth is not null) and nth in (-1, 1, 2, 3, 4, 5)),
  constraint occasions_weekday_check check ((date_kind = 'weekday') = (weekday is not null) and weekday between 1 and 7),
  constraint occasions_year_check check (date_kind <> 'once' or year is not null),
  constraint occasions_leap_policy_check check (leap_policy in ('feb28', 'mar1', 'leap_years'))
);
create index occasions_anchor_idx on occasions (anchor, id) where deleted_at is null;
create index occasions_contact_id_idx on occasions (contact_id) where contact_id is not null;
create index occasions_company_id_idx on occasions (company_id) where company_id is not null;
create index occasions_created_at_idx on occasions (created_at, id) where deleted_at is null;
create index occasions_updated_at_idx on occasions (updated_at, id) where deleted_at is null;
create index occasions_deleted_at_idx on occasions (deleted_at, id) where deleted_at is not null;

-- One row: how the tenant reads dates. `noticed_on` is the last day whose notices were told.
create table occasion_settings (
  id smallint not null default 1,
  leap_policy text not null default 'feb28',
  packs text[] not null default '{}',
  hijri_shift smallint not null default 0,
  notices integer[] not null default '{7,0}',
  one_a_day boolean not null default true,
  noticed_on date,
  updated_at timestamptz,
  version bigint not null default 1,
  constraint occasion_settings_pkey primary key (id),
  constraint occasion_settings_id_check check (id = 1),
  constraint occasion_settings_leap_policy_check check (leap_policy in ('feb28', 'mar1', 'leap_years')),
  constraint occasion_settings_hijri_shift_check check (hijri_shift between -2 and 2)
);
insert into occasion_settings (id) values (1);

-- The moon was seen on another day than the calendar says: how many days later (or earlier) a feast is in one year of its own
-- calendar, instead of hijri_shift.
create table feast_shifts (
  feast text not null,
  year integer not null,
  days smallint not null,
  updated_at timestamptz not null,
  constraint feast_shifts_pkey primary key (feast, year),
  constraint feast_shifts_days_check check (days between -3 and 3)
);
