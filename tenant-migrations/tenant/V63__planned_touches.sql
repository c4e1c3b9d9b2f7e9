-- For the user: calls and meetings that were planned before somebody looked for them count as contact from when they happen, for
-- every account and not only from its next activity on.
-- Safe while old code runs: it knows this job, which finds in its row since when it has to look, and looks again by itself.

update working_time set touch_at = '2026-10-01T00:00:00Z' where key = 1
  and exists (select from activities a where a.occurred_at >= '2026-10-01T00:00:00Z' and a.kind <> 'other' and a.contact_id is not null);
insert into ops.jobs (id, tenant, kind, payload, run_at)
  select gen_random_uuid(), current_schema()::text, 'CountTouches', '{}', w.touch_at
  from working_time w where w.key = 1 and w.touch_at = '2026-10-01T00:00:00Z';
