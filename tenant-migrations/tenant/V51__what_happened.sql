-- For the user: a call or a meeting that is planned does not count as contact before it happens, so a contact that was spoken
-- to yesterday is not quiet, and one that will be met next month is not in touch. Greetings follow their tags, and what was
-- done by hand is not sent again.
-- Safe while old code runs: columns that it does not know. What it writes of tags of greetings keeps its names, and follows
-- from the next change on.

-- When the next planned contact of all happens, as of which somebody looks; null when nobody needs to.
alter table working_time add column touch_at timestamptz;

update contacts c set last_contact_at = greatest(
  (select max(a.occurred_at) from activities a where a.contact_id = c.id and a.kind <> 'other' and a.occurred_at <= now()),
  (select max(s.accepted_at) from submissions s where s.contact_id = c.id and s.accepted_at is not null))
where c.last_contact_at > now();

-- Tags of greetings are known by their ids, so that a greeting follows a tag that is renamed or becomes another one; names stay
-- beside them, as contacts carry them. A name that no tag has becomes one, as it does on contacts.
alter table greetings add column tag_ids uuid[] not null default '{}';
insert into tags (id, name, created_at, updated_at)
  select gen_random_uuid(), min(n.name), now(), now() from greetings g cross join unnest(g.tags) as n(name)
  where length(n.name) between 1 and 60 group by lower(n.name)
  on conflict (lower(name)) do nothing;
update greetings g set tag_ids = array(select t.id from tags t where lower(t.name) in (select lower(n.name) from unnest(g.tags) as n(name)) order by t.id)
  where g.tags <> '{}';

-- Who greeted somebody by hand: then no mail goes out.
alter table greeting_sends add column done_by uuid;
