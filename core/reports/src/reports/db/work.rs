//! Statements on activities and tasks.
use super::{By, Count, KindCount, When, Whose};
use activities::Reach;
use contacts::Owners;
use kernel::{Result, Tx, db::Sql, sql};

/// Activities by kind. Whose they are is said by who logged them, and who may see them by what they are about.
pub(crate) async fn activities(
    tx: &mut Tx,
    by: By,
    when: &When,
    only: &Owners,
    reach: &Reach,
) -> Result<Vec<KindCount>> {
    const ACTIVITIES: Sql = sql!(
        "select case $1::text when 'slot' then width_bucket(a.occurred_at, $2::timestamptz[])::text when 'member' then coalesce(a.author_id::text, '')
             else '' end as key, a.kind, count(*) as count
         from activities a left join contacts c on c.id = a.contact_id and c.deleted_at is null
           left join companies m on m.id = a.company_id and m.deleted_at is null
           left join deals d on d.id = a.deal_id and d.deleted_at is null
         where a.occurred_at >= $3 and a.occurred_at < $4 and ($6::uuid[] is null or a.author_id = any($6))
           and case when a.deal_id is not null then d.id is not null and ($8::uuid[] is null or d.owner_id = any($8))
               when a.company_id is not null then m.id is not null and ($7::uuid[] is null or m.owner_id = any($7))
               else c.id is not null and ($5::uuid[] is null or c.owner_id = any($5)) end
         group by 1, 2 order by 3 desc, 1, 2"
    );
    let Reach { contacts, companies, deals } = reach;
    tx.rows(ACTIVITIES, &[&by.as_str(), &when.slots, &when.start, &when.end, contacts, only, companies, deals]).await
}

/// Tasks that were due, by what became of them: `in_time`, `late`, `skipped`, `withdrawn`, `overdue`, or `waiting` when
/// they are open and not due yet.
pub(crate) async fn tasks_due(tx: &mut Tx, by: By, when: &When, whose: &Whose) -> Result<Vec<KindCount>> {
    const DUE: Sql = sql!(
        "select case $1::text when 'slot' then width_bucket(t.due_at, $2::timestamptz[])::text when 'member' then coalesce(t.assignee_id::text, '')
             else '' end as key,
           case when t.status = 'done' and t.closed_at <= t.due_at then 'in_time' when t.status = 'done' then 'late'
             when t.status = 'skipped' and t.closed_by is not null then 'skipped' when t.status = 'skipped' then 'withdrawn'
             when t.due_at < $7 then 'overdue' else 'waiting' end as kind, count(*) as count
         from tasks t where t.due_at >= $3 and t.due_at < $4 and t.due_at is not null and t.deleted_at is null
           and ($5::uuid[] is null or t.assignee_id = any($5) or t.collaborators && $5) and ($6::uuid[] is null or t.assignee_id = any($6))
         group by 1, 2 order by 3 desc, 1, 2"
    );
    let now = tx.now();
    tx.rows(DUE, &[&by.as_str(), &when.slots, &when.start, &when.end, &whose.reach, &whose.only, &now]).await
}

/// Tasks done.
pub(crate) async fn tasks_done(tx: &mut Tx, by: By, when: &When, whose: &Whose) -> Result<Vec<Count>> {
    const DONE: Sql = sql!(
        "select case $1::text when 'slot' then width_bucket(t.closed_at, $2::timestamptz[])::text when 'member' then coalesce(t.assignee_id::text, '')
             else '' end as key, count(*) as count
         from tasks t where t.deleted_at is null and t.status = 'done'
           and coalesce(t.closed_at, '9999-12-31T00:00:00Z'::timestamptz) >= $3 and coalesce(t.closed_at, '9999-12-31T00:00:00Z'::timestamptz) < $4
           and ($5::uuid[] is null or t.assignee_id = any($5) or t.collaborators && $5) and ($6::uuid[] is null or t.assignee_id = any($6))
         group by 1 order by 2 desc, 1"
    );
    tx.rows(DONE, &[&by.as_str(), &when.slots, &when.start, &when.end, &whose.reach, &whose.only]).await
}
