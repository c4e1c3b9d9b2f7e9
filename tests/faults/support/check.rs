//! What must be true when the dust has settled.
use super::{LIMIT, PAUSE, Receipt, Visitor, World};
use std::{
    collections::{BTreeMap, HashSet},
    time::Instant,
};

impl World {
    /// The first column of the first row, in the schema of the client.
    pub async fn count(&self, sql: &str) -> i64 {
        let client = self.db.superuser().await;
        client.batch_execute(&format!("set search_path = {}, shared", self.schema)).await.unwrap();
        client.query_one(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}")).get(0)
    }

    /// Waits until every event is delivered and nothing is left to do but what waits for the end of the day, which may be near.
    pub async fn settled(&self) {
        let open = "select (select count(*) from ops.outbox)
             + (select count(*) from control.audit_events where projected_at is null)
             + (select count(*) from ops.jobs where state in ('queued', 'running') and run_at < now() + interval '1 hour'
               and kind <> 'FadeScores')
             + (select count(*) from ops.mails where state in ('queued', 'sending'))";
        let begun = Instant::now();
        while self.count(open).await > 0 {
            assert!(begun.elapsed() < LIMIT, "not everything is delivered: {}", self.left().await);
            tokio::time::sleep(PAUSE).await;
        }
        assert_eq!(self.count("select count(*) from ops.jobs where state = 'dead'").await, 0, "dead letters");
    }

    /// What is left to do, for a person who wants to know why.
    async fn left(&self) -> String {
        let sql = "select coalesce(string_agg(line, E'\\n'), '') from (
            select concat_ws(' ', 'job', kind, state, attempts, locked_by, locked_until, last_error) as line
              from ops.jobs where state <> 'done' and run_at < now() + interval '1 hour' and kind <> 'FadeScores'
            union all select concat_ws(' ', 'mail', state, attempts, next_at, claimed_until, last_error)
              from ops.mails where state in ('queued', 'sending')
            union all select concat_ws(' ', 'outbox', tenant, created_at) from ops.outbox limit 20) as left_over";
        self.db.superuser().await.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Nothing is half written, at any moment: a submission has contact, consent and event, or is not there; an event
    /// is numbered or waits for it.
    pub async fn whole(&self) {
        let half = "select count(*) from submissions s where state <> 'received' or contact_id is null
            or not exists (select from contacts c where c.id = s.contact_id)
            or not exists (select from consents a join consent_evidence x on x.consent_id = a.id
               where a.contact_id = s.contact_id and x.evidence ->> 'page' = s.context ->> 'page')
            or (select count(*) from events e where e.kind = 'form.submitted' and e.subject_id = s.id) <> 1";
        assert_eq!(self.count(half).await, 0, "half-written submissions");
        let orphans = "select (select count(*) from contacts c where not exists (select from submissions s where s.contact_id = c.id))
            + (select count(*) from events e where e.kind = 'form.submitted' and not exists (select from submissions s where s.id = e.subject_id))
            + (select count(*) from consents a where not exists (select from contacts c where c.id = a.contact_id))";
        assert_eq!(self.count(orphans).await, 0, "parts of submissions that are not there");
        let lost = "select count(*) from events e where exists (select from event_log l where l.event_id = e.id)
            = exists (select from ops.outbox o where o.event_id = e.id)";
        assert_eq!(self.count(lost).await, 0, "events that nobody will deliver, or that were delivered and still wait");
    }

    /// Every receipt is a submission that is there once, and there is nothing else.
    pub async fn kept(&self, receipts: &[(Visitor, Receipt)]) {
        self.whole().await;
        let client = self.db.superuser().await;
        let rows = client.query(&format!("select id from {}.submissions", self.schema), &[]).await.unwrap();
        let there: HashSet<String> =
            rows.iter().map(|row| format!("sub_{}", kernel::ids::encode(row.get(0)))).collect();
        let thanked: HashSet<String> = receipts.iter().map(|(_, receipt)| receipt.submission()).collect();
        assert_eq!(thanked.len(), receipts.len(), "two senders were thanked for one submission");
        assert!(thanked.is_subset(&there), "lost: {:?}", thanked.difference(&there).collect::<Vec<_>>());
        assert_eq!(there.len(), receipts.len(), "doubled: {:?}", there.difference(&thanked).collect::<Vec<_>>());
    }

    /// Whoever sends the same again gets the first answer, byte for byte.
    pub async fn repeat(&self, receipts: impl Iterator<Item = &(Visitor, Receipt)>) -> usize {
        let mut count = 0;
        for (visitor, receipt) in receipts {
            let again = self.door.submit(visitor, &receipt.key).await;
            assert_eq!(again.thanks, receipt.thanks, "{receipt:?}");
            count += 1;
        }
        count
    }

    /// One notification and one mail for each submission; the log has no gap and its chain holds. Gives how many mails
    /// the server was handed a second time.
    pub async fn told(&self, submissions: usize) -> usize {
        self.settled().await;
        let wanted = i64::try_from(submissions).unwrap();
        let notices = "select count(distinct link) from notifications where kind = 'submission.received'";
        assert_eq!(self.count(notices).await, wanted, "notifications that are missing");
        let notices = "select count(*) from notifications where kind = 'submission.received'";
        assert_eq!(self.count(notices).await, wanted, "notifications that came twice");
        let mails = "select count(*) from ops.mails where template = 'new_submission' and state = 'sent'";
        assert_eq!(self.count(mails).await, wanted, "mails that were queued");
        let gaps = "select coalesce(max(seq), 0) - count(*) from event_log";
        assert_eq!(self.count(gaps).await, 0, "gaps in the log");
        assert_eq!(self.count("select count(*) - (select count(*) from event_log) from events").await, 0);
        let (printed, status) = self.core.run(&["admin", "verify-audit"]).await;
        assert!(status.success(), "the chain is broken: {printed}");
        assert_eq!(printed.lines().filter(|line| line.contains(" ok ")).count(), 3, "{printed}");
        self.mailed(submissions)
    }

    fn mailed(&self, submissions: usize) -> usize {
        let mut by_id = BTreeMap::<String, usize>::new();
        for mail in self.mailbox.all().iter().filter(|mail| mail.subject.contains("Book a fitting")) {
            let parsed = mail_parser::MessageParser::default().parse(&mail.raw).unwrap();
            *by_id.entry(parsed.message_id().unwrap().to_owned()).or_default() += 1;
        }
        assert_eq!(by_id.len(), submissions, "mails that arrived");
        by_id.values().map(|times| times - 1).sum()
    }
}
