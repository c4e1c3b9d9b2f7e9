//! Which related records somebody sees: as the lists of each kind have it.
use crate::segments::{model::RelatedRecord, tree::Tree};
use kernel::{
    auth::{Level, Principal},
    db::Composed,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

type Owners = Option<Vec<Uuid>>;

/// Records of a kind that somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    record: RelatedRecord,
    /// Whose; `None` for everybody's.
    owners: Owners,
    /// Companies and deals that activities may be about.
    companies: Owners,
    deals: Owners,
}

impl Seen {
    fn of(record: RelatedRecord, reader: &Principal) -> Self {
        let level = reader.grants.level(record.permission());
        // What is about a company or a deal is seen no further than that.
        let within = |other: RelatedRecord| match record {
            RelatedRecord::Activity => owners(reader, level.min(reader.grants.level(other.permission()))),
            _ => None,
        };
        let (companies, deals) = (within(RelatedRecord::Company), within(RelatedRecord::Deal));
        Seen { record, owners: owners(reader, level), companies, deals }
    }

    /// Adds the condition on a row of the related records, beside a row `c` of contacts.
    pub fn emit(&self, out: &mut Composed) {
        match self.record {
            RelatedRecord::Deal => within(out, "d.owner_id", &self.owners),
            RelatedRecord::Company => within(out, "f.owner_id", &self.owners),
            RelatedRecord::Task => {
                out.add("(");
                within(out, "t.assignee_id", &self.owners);
                out.add(" or t.collaborators && ").bind(self.owners.clone(), Type::UUID_ARRAY).add(")");
            }
            RelatedRecord::Activity => {
                out.add("((a.company_id is not null or a.deal_id is not null or ");
                within(out, "c.owner_id", &self.owners);
                out.add(") and (a.company_id is null or exists (select from companies m where m.id = a.company_id and m.deleted_at is null and ");
                within(out, "m.owner_id", &self.companies);
                out.add(")) and (a.deal_id is null or exists (select from deals h where h.id = a.deal_id and h.deleted_at is null and ");
                within(out, "h.owner_id", &self.deals);
                out.add(")))");
            }
            RelatedRecord::Submission => {
                out.add("exists (select from forms r where r.id = s.form_id and ");
                within(out, "r.responsible", &self.owners);
                out.add(")");
            }
        }
    }
}

fn owners(reader: &Principal, level: Level) -> Owners {
    match level {
        Level::All => None,
        Level::Team => Some(reader.team_members.to_vec()),
        Level::Own => Some(reader.user.into_iter().collect()),
        Level::No => Some(vec![]),
    }
}

fn within(out: &mut Composed, column: &'static str, owners: &Owners) {
    out.add("(").bind(owners.clone(), Type::UUID_ARRAY).add("::uuid[] is null or ");
    out.add(column).add(" = any(").bind(owners.clone(), Type::UUID_ARRAY).add("))");
}

impl Tree {
    /// Lets related records count only as far as the reader sees them.
    pub(crate) fn narrow(&mut self, reader: &Principal) {
        match self {
            Tree::All(inner) | Tree::Any(inner) | Tree::None(inner) => {
                inner.iter_mut().for_each(|rule| rule.narrow(reader));
            }
            Tree::Has(record, _, inner) => {
                let seen = Seen::of(*record, reader);
                if [&seen.owners, &seen.companies, &seen.deals].into_iter().any(Option::is_some) {
                    inner.push(Tree::Seen(seen));
                }
            }
            Tree::Seen(_) | Tree::Leaf(_) | Tree::Picked(_) | Tree::Broken => {}
        }
    }
}
