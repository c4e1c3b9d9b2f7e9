-- For the user: contacts have a score with its reasons, and a band; how it is counted is the account's to say.
-- Safe while old code runs: columns with defaults and new tables that it does not know. What happened meanwhile is counted when
-- all contacts are, with the first thing that happens afterwards.

-- Written by the module of scores alone; the version of the contact stays.
alter table contacts add column score integer not null default 0;
alter table contacts add column band text not null default 'cold';
alter table contacts add constraint contacts_score_check check (score between 0 and 100);
alter table contacts add constraint contacts_band_check check (band in ('cold', 'warm', 'hot'));
create index contacts_score_idx on contacts (score, id) where deleted_at is null;
create index contacts_owner_score_idx on contacts (owner_id, score, id) where deleted_at is null;
create index contacts_band_idx on contacts (band, created_at, id) where deleted_at is null;

-- How scores are counted: one row. Scores are right as of `scored_on`, a day in `zone`. While `is_counting`, contacts up to
-- `counted_to` are done. `armed_on` is the day that a job waits for to end.
create table scoring (
  key smallint not null,
  rules jsonb not null,
  warm_from integer not null,
  hot_from integer not null,
  scored_on date,
  zone text,
  armed_on date,
  is_counting boolean not null default false,
  counted_to uuid,
  done bigint not null default 0,
  total bigint not null default 0,
  updated_at timestamptz,
  version bigint not null default 1,
  constraint scoring_pkey primary key (key),
  constraint scoring_key_check check (key = 1),
  constraint scoring_bands_check check (0 < warm_from and warm_from < hot_from and hot_from <= 100)
);
insert into scoring (key, warm_from, hot_from, is_counting, rules)
select 1, 30, 70, exists (select from contacts), $rules$[
  {"id": "email", "name": "Has an e-mail address", "active": true, "kind": "fit", "points": 5, "most": 1,
   "definition": {"kind": "field", "field": "email", "op": "not_empty"}},
  {"id": "phone", "name": "Has a phone number", "active": true, "kind": "fit", "points": 5, "most": 1,
   "definition": {"kind": "field", "field": "phone", "op": "not_empty"}},
  {"id": "company", "name": "Says where he or she works", "active": true, "kind": "fit", "points": 5, "most": 1,
   "definition": {"kind": "field", "field": "company_name", "op": "not_empty"}},
  {"id": "decides", "name": "Decides at a company", "active": true, "kind": "fit", "points": 10, "most": 1,
   "definition": {"kind": "has", "record": "company", "rules": [{"kind": "field", "field": "role", "op": "any_of", "values": ["decision_maker"]}]}},
  {"id": "stage", "name": "Qualified or further", "active": true, "kind": "fit", "points": 15, "most": 1,
   "definition": {"kind": "field", "field": "stage", "op": "any_of", "values": ["qualified", "proposal", "negotiation"]}},
  {"id": "open_deal", "name": "Takes part in an open deal", "active": true, "kind": "fit", "points": 20, "most": 1,
   "definition": {"kind": "has", "record": "deal", "rules": [{"kind": "field", "field": "status", "op": "any_of", "values": ["open"]}]}},
  {"id": "form", "name": "Answered a form", "active": true, "kind": "behaviour", "points": 15, "most": 2, "half_life_days": 30,
   "definition": {"kind": "has", "record": "submission"}},
  {"id": "wrote", "name": "Wrote to us", "active": true, "kind": "behaviour", "points": 10, "most": 3, "half_life_days": 30,
   "definition": {"kind": "has", "record": "activity", "rules": [
     {"kind": "field", "field": "kind", "op": "any_of", "values": ["email", "whatsapp", "sms", "message"]},
     {"kind": "field", "field": "direction", "op": "any_of", "values": ["inbound"]}]}},
  {"id": "talked", "name": "Call or meeting", "active": true, "kind": "behaviour", "points": 10, "most": 3, "half_life_days": 30,
   "definition": {"kind": "has", "record": "activity", "rules": [
     {"kind": "field", "field": "kind", "op": "any_of", "values": ["call", "meeting"]}]}},
  {"id": "won", "name": "Won deal", "active": true, "kind": "behaviour", "points": 15, "most": 2, "half_life_days": 180, "moment": "closed_at",
   "definition": {"kind": "has", "record": "deal", "rules": [{"kind": "field", "field": "status", "op": "any_of", "values": ["won"]}]}},
  {"id": "lost", "name": "Lost deal", "active": true, "kind": "behaviour", "points": -10, "most": 2, "half_life_days": 90, "moment": "closed_at",
   "definition": {"kind": "has", "record": "deal", "rules": [{"kind": "field", "field": "status", "op": "any_of", "values": ["lost"]}]}},
  {"id": "quiet", "name": "Nothing heard for 60 days", "active": true, "kind": "fit", "points": -10, "most": 1,
   "definition": {"kind": "field", "field": "last_contact_at", "op": "more_than_days_ago", "values": ["60"]}},
  {"id": "blocked", "name": "Does not want to be contacted", "active": true, "kind": "fit", "points": -30, "most": 1,
   "definition": {"kind": "field", "field": "do_not_contact", "op": "not_empty"}}
]$rules$;

-- Contacts that something happened to, until somebody has counted them. Only added to and taken away: writers never wait for each
-- other here.
create table score_dirty (
  id uuid not null default gen_random_uuid(),
  contact_id uuid not null,
  is_quiet boolean not null,
  constraint score_dirty_pkey primary key (id)
);
