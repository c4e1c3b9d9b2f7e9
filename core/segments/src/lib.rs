//! # Purpose
//! Segments: contacts that fit conditions, and contacts that were put on a list by hand. Conditions may speak of everything
//! that is known of a contact, so this module stands below those whose records they name.
//!
//! # Tables
//! `segments`, `segment_members`, `segment_picks`, `segment_dirty`. The list of contacts reads `segment_members` to filter,
//! and a bulk run to tell who was put into a segment and is still in it.
//!
//! # Permissions
//! `segments.read`, `segments.write`. Segments are seen by all who may read them; a segment is changed by whoever made it, and
//! by whoever has `segments.write` for all. Which contacts are shown and counted is said by `contacts.read`. Conditions on
//! deals, companies, tasks, activities and answers ask for the permission to see those.
//!
//! # Events
//! `segment.created`, `segment.updated`, `segment.deleted`, `segment.restored`, `segment.purged`, `segment.exported`; `segment.entered` and
//! `segment.left`, one for each contact; `segment.shifted` instead, with figures, when an import or a new definition moves
//! many at once.
//!
//! # Invariants
//! - When nothing waits in `segment_dirty` and nothing is being built, `segment_members` is what reading every contact would
//!   say, as of `as_of` for what depends on the day.
//! - Members change only with the segment locked, by the definition as it is then: of an edit of a contact and an edit of the
//!   segment at once, whichever comes last is looked at last, and each change is told once.
//! - Whoever looks takes the contact off `segment_dirty` before he looks, so what happens meanwhile is looked at again.
//! - A condition that names something that is gone fits nobody, whatever stands around it.
//! - A link to a record that was merged means the one it became too, for as long as it is that; the definition stays.
//! - The lists of contacts, companies and deals take the same conditions as a filter (`rules:eq:`), asked of each row as it is; those on
//!   companies and deals ask for the record alone. Saved views that hold such filters follow tags and stages as segments do.
//! - An import that puts its people into a static segment takes out the same people when it is undone.
mod segments;

pub use segments::{
    AsOf, BrokenRule, Operator, Question, RelatedRecord, RuleKind, SegmentId, SegmentRule, as_of, concerned,
    erase_person, export_person, note, questions, with_value,
};

use kernel::{
    Picks, Rules,
    db::Reference,
    events::{Subscription, Watch},
    jobs::JobKind,
};

kernel::permissions! {
    /// See segments.
    Read = "segments.read",
    /// Make segments and put contacts into them; for all, change those of others too.
    Write = "segments.write",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Contacts that fit conditions, and lists made by hand.
    Segments,
}

/// Where picks go when contacts are merged; who is in a segment is looked at anew.
const REFERENCES: &[Reference] = &[Reference {
    stays: Some("k.segment_id = l.segment_id"),
    ..Reference::new("segment_picks", "contact_id", &["segment_id"])
}];

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "segments",
        permissions: PERMISSIONS,
        references: REFERENCES,
        subscriptions: vec![Subscription {
            name: "segments.notice",
            kinds: &[],
            handler: |tx, event| Box::pin(segments::notice(tx, event)),
        }],
        watches: vec![
            Watch { subject: "contacts", touched: |tx, contacts| Box::pin(segments::touched(tx, contacts)) },
            Watch { subject: "deals", touched: |tx, deals| Box::pin(segments::touched_deals(tx, deals)) },
            Watch {
                subject: "companies",
                touched: |tx, companies| Box::pin(segments::touched_companies(tx, companies)),
            },
        ],
        picks: Some(Picks {
            write: "segments.write",
            check: |tx, id, who| Box::pin(segments::check_picks(tx, SegmentId(id), who)),
            hold: |tx, id| Box::pin(segments::hold_picks(tx, SegmentId(id))),
            pick: |tx, id, contacts, into| Box::pin(segments::pick(tx, SegmentId(id), contacts, into, false)),
        }),
        rules: Some(Rules {
            check: segments::check_rules,
            read: |tx, of, said, reader| Box::pin(segments::read_rules(tx, of, said, reader)),
        }),
        imports: segments::IMPORTS,
        jobs: vec![
            JobKind::of::<segments::RefreshSegments>(),
            JobKind::of::<segments::BuildSegment>(),
            JobKind::of::<segments::SweepSegments>(),
            JobKind::of::<segments::PurgeSegment>(),
        ],
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    segments::SegmentsApi
}
