//! Who keeps what about a person. A test compares the tables named here with the tables of a fresh schema: a new table
//! is either personal data of somebody below, or listed as impersonal with the reason.
use crate::data_requests::db::{self, FileOwners};
use contacts::Person;
use futures_util::future::BoxFuture;
use kernel::{Result, Tx, bulk};
use serde_json::{Value, json};

/// Rows touched, by table.
pub type Counts = Vec<(&'static str, u64)>;

/// What one module keeps about a person.
pub struct PersonalData {
    /// The module.
    pub module: &'static str,
    /// Its tables that can name a person.
    pub tables: &'static [&'static str],
    /// Everything it keeps about the person, as JSON.
    pub export: for<'a> fn(&'a mut Tx, &'a Person) -> BoxFuture<'a, Result<Value>>,
    /// Removes it, or what names the person in it.
    pub erase: for<'a> fn(&'a mut Tx, &'a Person) -> BoxFuture<'a, Result<Counts>>,
}

/// Runs over records.
const RUNS: &[&bulk::Names] = &[contacts::BULK_RUNS, companies::BULK_RUNS, deals::BULK_RUNS];

/// Every module that keeps something about people. Erasing goes from first to last, as whoever locks several of these does: a
/// batch of a run locks the run and then its records, and a merge locks contacts and then views. Whoever finds rows by the contact
/// comes before contacts.
pub const REGISTRY: &[PersonalData] = &[
    PersonalData {
        module: "bulk_runs",
        tables: &["contact_bulk_runs", "company_bulk_runs", "deal_bulk_runs"],
        export: |tx, person| Box::pin(bulk::export_person(tx, RUNS, &person.addresses)),
        erase: |tx, person| Box::pin(bulk::erase_person(tx, RUNS, &person.addresses)),
    },
    PersonalData {
        module: "forms",
        tables: &["submissions"],
        export: |tx, person| {
            Box::pin(async {
                Ok(json!({ "submissions": forms::submissions::personal::export(tx, person.contact.0).await? }))
            })
        },
        erase: |tx, person| {
            Box::pin(async {
                let count = forms::submissions::personal::erase(tx, person.contact.0, &person.addresses).await?;
                Ok(vec![("submissions", count as u64)])
            })
        },
    },
    PersonalData {
        module: "segments",
        tables: &["segments", "segment_members", "segment_picks", "segment_dirty"],
        export: |tx, person| Box::pin(segments::export_person(tx, person)),
        erase: |tx, person| Box::pin(segments::erase_person(tx, person)),
    },
    PersonalData {
        module: "scores",
        tables: &["score_dirty"],
        export: |tx, person| Box::pin(scores::export_person(tx, person)),
        erase: |tx, person| Box::pin(scores::erase_person(tx, person)),
    },
    PersonalData {
        module: "followups",
        tables: &["follow_ups", "enrolments"],
        export: |tx, person| Box::pin(followups::export_person(tx, person)),
        erase: |tx, person| Box::pin(followups::erase_person(tx, person)),
    },
    PersonalData {
        module: "occasions",
        tables: &["occasions", "greeting_sends"],
        export: |tx, person| Box::pin(occasions::export_person(tx, person)),
        erase: |tx, person| Box::pin(occasions::erase_person(tx, person)),
    },
    // Before tasks, which forget whom they were about.
    PersonalData {
        module: "attachments",
        tables: &["attachments"],
        export: |tx, person| Box::pin(attachments::export_person(tx, person)),
        erase: |tx, person| Box::pin(attachments::erase_person(tx, person)),
    },
    PersonalData {
        module: "tasks",
        tables: &["tasks"],
        export: |tx, person| Box::pin(tasks::export_person(tx, person)),
        erase: |tx, person| Box::pin(tasks::erase_person(tx, person)),
    },
    PersonalData {
        module: "deals",
        tables: &["deals", "deal_contacts", "deal_items", "deal_bulk_run_rows"],
        export: |tx, person| Box::pin(deals::export_person(tx, person)),
        erase: |tx, person| Box::pin(deals::erase_person(tx, person)),
    },
    PersonalData {
        module: "messaging",
        tables: &["deliveries"],
        export: |tx, person| {
            Box::pin(async { Ok(json!({ "deliveries": db::deliveries_of(tx, person.contact).await? })) })
        },
        erase: |tx, person| {
            Box::pin(async {
                Ok(vec![("deliveries", messaging::erase(tx, person.contact.0, &person.addresses).await?)])
            })
        },
    },
    PersonalData {
        module: "notifications",
        tables: &["notifications", "held_notices", "digest_lines"],
        export: |tx, person| {
            Box::pin(async {
                Ok(
                    json!({ "notifications": db::notifications_of(tx, person.contact).await?, "mails": db::mails_of(tx, person).await? }),
                )
            })
        },
        erase: |tx, person| {
            Box::pin(async {
                let count =
                    notifications::notifications::erase_contact(tx, person.contact.0, &person.addresses).await?;
                Ok(vec![("notifications", count)])
            })
        },
    },
    PersonalData {
        module: "files",
        tables: &["files"],
        export: |tx, person| Box::pin(async { Ok(json!({ "files": db::files_of(tx, person.contact).await? })) }),
        erase: |tx, person| {
            Box::pin(async {
                let mut count = 0;
                for FileOwners { kind, owners } in db::file_owners(tx, person.contact).await? {
                    count += files::remove_owned(tx, &kind, &owners).await? as u64;
                }
                // Files of others stay, but not under a name that mentions him.
                count += files::redact(tx, &person.addresses).await?;
                Ok(vec![("files", count)])
            })
        },
    },
    PersonalData {
        module: "activities",
        tables: &["notes", "activities", "followers"],
        export: |tx, person| Box::pin(activities::export_person(tx, person.contact)),
        erase: |tx, person| Box::pin(activities::erase_person(tx, person.contact, &person.addresses)),
    },
    PersonalData {
        module: "companies",
        tables: &[
            "companies",
            "company_bulk_run_rows",
            "company_contacts",
            "company_merges",
            "company_merge_members",
            "company_merge_rows",
        ],
        export: |tx, person| Box::pin(companies::export_person(tx, person)),
        erase: |tx, person| Box::pin(companies::erase_person(tx, person)),
    },
    PersonalData {
        module: "privacy",
        tables: &["data_requests", "data_exports"],
        export: |tx, person| {
            Box::pin(async { Ok(json!({ "data_requests": db::requests_of(tx, person.contact).await? })) })
        },
        erase: |tx, person| Box::pin(db::erase(tx, person)),
    },
    PersonalData {
        module: "contacts",
        tables: &[
            "contacts",
            "contact_emails",
            "contact_phones",
            "do_not_contact",
            "consent_evidence",
            "contact_import_rows",
            "contact_import_traces",
            "contact_imports",
            "contact_bulk_run_rows",
            "contact_duplicate_keys",
            "contact_merges",
            "contact_merge_members",
            "contact_merge_rows",
            "custom_field_values",
        ],
        export: |tx, person| Box::pin(contacts::export_person(tx, person)),
        erase: |tx, person| Box::pin(contacts::erase_person(tx, person)),
    },
    PersonalData {
        module: "views",
        tables: &["saved_views"],
        export: |tx, person| Box::pin(views::export_person(tx, &person.addresses)),
        erase: |tx, person| {
            Box::pin(async {
                let counts = views::erase_person(tx, &person.addresses).await?;
                contacts::forget_views(tx, &person.addresses).await?;
                Ok(counts)
            })
        },
    },
];

/// Tables of a tenant that name no contact, and why.
pub const IMPERSONAL: &[(&str, &str)] = &[
    ("contact_duplicate_queue", "ids of contacts that are there"),
    ("contact_duplicate_runs", "figures"),
    ("contact_duplicates", "ids of contacts that are there, and kinds of reasons"),
    ("assignment_members", "ids of members, and figures"),
    ("assignment_rules", "conditions of the tenant"),
    ("consent_texts", "wordings of the tenant"),
    ("consents", "the ledger: a pseudonym without the contact and its evidence"),
    ("company_duplicate_runs", "figures"),
    ("company_duplicates", "ids of companies, and kinds of reasons"),
    ("contact_stages", "words of the tenant"),
    ("custom_fields", "questions of the tenant"),
    ("deal_absences", "days on which members take no deals"),
    ("deal_history", "ids and figures only, so that past boards keep their sums"),
    ("deal_spans", "ids and figures of that history"),
    ("event_cursors", "places in the log"),
    ("event_log", "places and hashes of events"),
    ("events", "ids and names of fields only, so that the log need never be rewritten"),
    ("exchange_rate_changes", "what currencies were worth"),
    ("exchange_rates", "what currencies are worth"),
    ("health_dirty", "ids of companies"),
    ("exchange_settings", "where those figures come from"),
    ("feast_shifts", "days of feasts"),
    ("follow_up_rules", "words of the tenant"),
    ("form_stats", "counters"),
    ("form_versions", "questions of the tenant"),
    ("forms", "questions of the tenant"),
    ("greeting_batches", "days, and who of the members decided"),
    ("greetings", "words of the tenant"),
    ("holidays", "days of the tenant"),
    ("member_absences", "days on which members are away, and who stands in"),
    ("member_hours", "working hours of members"),
    ("notification_mutes", "kinds of news and ids of records that members muted"),
    ("notification_preferences", "settings of members"),
    ("occasion_settings", "how the tenant reads dates"),
    ("pipeline_stages", "words of the tenant"),
    ("pipelines", "words of the tenant"),
    ("refinery_schema_history", "versions of the schema"),
    ("quiet_hours", "hours in which members are not disturbed"),
    ("report_runs", "figures of the tenant in files, and ids of members"),
    ("report_schedules", "words of the tenant, and ids of members"),
    ("retention", "how long contacts are kept"),
    ("scoring", "rules of the tenant"),
    ("sequences", "words of the tenant"),
    ("stage_outcomes", "counters"),
    ("stage_probabilities", "figures"),
    ("tag_aliases", "words of the tenant"),
    ("tag_runs", "words of the tenant"),
    ("tags", "words of the tenant"),
    ("task_reminders", "moments"),
    ("webhooks", "addresses of other systems"),
    ("working_time", "hours of the tenant"),
];
