-- For the user: each member has working hours of his own and days on which he is away; what follows up comes when he is there, or
-- goes to whoever stands in for him.
-- Safe while old code runs: new tables. It counts with the hours of the account, as before.

-- Hours of a member's week, instead of the tenant's: {day: 1 (Monday) to 7, from, until}. No zone: that of the tenant's hours.
create table member_hours (
  member_id uuid not null,
  zone text,
  spans jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null default 1,
  constraint member_hours_pkey primary key (member_id)
);
create index member_hours_created_at_idx on member_hours (created_at, member_id);

-- Days on which a member is away, the last one included, in the zone of his hours. Those of one member lie apart from each other.
create table member_absences (
  id uuid not null,
  member_id uuid not null,
  from_on date not null,
  until_on date not null,
  stand_in_id uuid,
  created_at timestamptz not null,
  constraint member_absences_pkey primary key (id),
  constraint member_absences_days_check check (until_on >= from_on),
  constraint member_absences_stand_in_check check (stand_in_id <> member_id)
);
create index member_absences_member_id_idx on member_absences (member_id, from_on);
create index member_absences_from_on_idx on member_absences (from_on, id);
create index member_absences_until_on_idx on member_absences (until_on);
