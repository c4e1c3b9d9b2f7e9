-- For the user: whoever was greeted is not greeted again for the same when a feast turns out to be on another day or his birthday is
-- corrected; tasks that an answer made needless count neither way, those of former times too; files of
-- a task that was moved to somebody else belong to him.
-- Safe while old code runs: a column that may be empty, of which it knows nothing; what it greets meanwhile counts for its day.

-- What was celebrated: the occasion or the feast, with the year of its own calendar. Empty where nobody knows.
alter table greeting_sends add column occurrence text;

-- Birthdays and other days of the year that were celebrated lately. Where somebody was greeted twice, the first time counts.
update greeting_sends s set occurrence = f.occurrence
from (select p.id, p.occurrence, p.exclusive,
    row_number() over (partition by p.greeting_id, p.contact_id, p.occurrence order by p.created_at, p.id) as of_greeting,
    row_number() over (partition by p.contact_id, p.occurrence, p.exclusive order by p.created_at, p.id) as of_all
  from (select distinct on (k.id) k.id, k.greeting_id, k.contact_id, k.exclusive, k.created_at,
      'occasion/' || o.id::text || '/' || extract(year from k.day)::int as occurrence
    from greeting_sends k join greetings g on g.id = k.greeting_id
      join occasions o on o.contact_id = k.contact_id and o.kind = any(g.kinds) and o.deleted_at is null and o.date_kind = 'yearly'
        and o.anchor = 'y' || to_char(k.day, 'MMDD')
    where k.state = 'sent' and k.day > current_date - 400
    order by k.id, o.created_at, o.id) p) f
where s.id = f.id and f.of_greeting = 1 and (f.of_all = 1 or not f.exclusive);

-- As for days: each greeting once for an occurrence, and one of them all for tenants that greet nobody twice.
create unique index greeting_sends_occurrence_key on greeting_sends (greeting_id, contact_id, occurrence) where state = 'sent';
create unique index greeting_sends_exclusive_occurrence_key on greeting_sends (contact_id, occurrence) where state = 'sent' and exclusive;

-- Whoever logged an answer has not left out the task that it made needless. For some time he was said to have.
update tasks t set closed_by = null
where t.status = 'skipped' and t.closed_by is not null
  and t.outcome in ('Not needed: the contact got in touch.', 'Not needed: a meeting came first.', 'Not needed: the stage changed.')
  and exists (select from follow_ups f where f.task_id = t.id and f.status = 'fired' and f.withdraws);

-- Files of a task are about whom it is about now.
update files f set contact_id = t.contact_id
from attachments a join tasks t on t.id = a.task_id
where f.owner_kind = 'attachments' and f.owner_id = a.id and f.id = a.file_id and f.contact_id is distinct from t.contact_id;
