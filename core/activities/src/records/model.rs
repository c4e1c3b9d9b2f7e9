//! What notes and activities are about, and whose records somebody reaches.
use companies::CompanyId;
use contacts::{ContactId, Owners};
use deals::DealId;
use kernel::auth::Permission;
use serde_json::{Value, json};
use uuid::Uuid;

/// The record that something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Record {
    /// A contact.
    Contact(ContactId),
    /// A company.
    Company(CompanyId),
    /// A deal.
    Deal(DealId),
}

impl Record {
    /// Of the columns that name it, of which one is filled; about a deal or a company a contact is only who it was with.
    pub fn of(contact: Option<ContactId>, company: Option<CompanyId>, deal: Option<DealId>) -> Option<Record> {
        deal.map(Record::Deal).or(company.map(Record::Company)).or(contact.map(Record::Contact))
    }

    /// The contact, when it is one.
    pub fn contact(self) -> Option<ContactId> {
        if let Record::Contact(id) = self { Some(id) } else { None }
    }

    /// The company, when it is one.
    pub fn company(self) -> Option<CompanyId> {
        if let Record::Company(id) = self { Some(id) } else { None }
    }

    /// The deal, when it is one.
    pub fn deal(self) -> Option<DealId> {
        if let Record::Deal(id) = self { Some(id) } else { None }
    }

    /// Its id.
    pub fn id(self) -> Uuid {
        match self {
            Record::Contact(id) => id.0,
            Record::Company(id) => id.0,
            Record::Deal(id) => id.0,
        }
    }

    /// The payload of an event about it: timelines find companies and deals there.
    pub fn payload(self, mut more: Value) -> Value {
        match self {
            Record::Contact(_) => {}
            Record::Company(id) => more["company"] = json!(id),
            Record::Deal(id) => more["deal"] = json!(id),
        }
        more
    }

    /// Its page in the dashboard.
    pub fn link(self) -> String {
        match self {
            Record::Contact(id) => format!("/contacts/{id}"),
            Record::Company(id) => format!("/companies/{id}"),
            Record::Deal(id) => format!("/deals/{id}"),
        }
    }

    /// What a sentence calls it.
    pub fn word(self) -> &'static str {
        match self {
            Record::Contact(_) => "contact",
            Record::Company(_) => "company",
            Record::Deal(_) => "deal",
        }
    }

    /// The permission that shows the record itself.
    pub fn permission(self) -> &'static str {
        match self {
            Record::Contact(_) => contacts::Read::NAME,
            Record::Company(_) => companies::Read::NAME,
            Record::Deal(_) => deals::Read::NAME,
        }
    }
}

/// Whose records somebody reaches, by what they are.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Owners of contacts.
    pub contacts: Owners,
    /// Owners of companies.
    pub companies: Owners,
    /// Owners of deals.
    pub deals: Owners,
}

impl Reach {
    /// Nobody's.
    pub fn nobody() -> Self {
        Reach { contacts: Some(vec![]), companies: Some(vec![]), deals: Some(vec![]) }
    }

    /// As far as a permission for activities reaches, and for companies and deals no further than the ones that show them.
    pub fn within(activities: Owners, companies: Owners, deals: Owners) -> Self {
        Reach { companies: both(&activities, companies), deals: both(&activities, deals), contacts: activities }
    }
}

fn both(one: &Owners, other: Owners) -> Owners {
    match (one, other) {
        (None, other) => other,
        (Some(one), None) => Some(one.clone()),
        (Some(one), Some(other)) => Some(other.into_iter().filter(|owner| one.contains(owner)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_reaches_what_both_levels_reach() {
        let ids = |ids: &[u128]| Some(ids.iter().map(|id| Uuid::from_u128(*id)).collect::<Vec<_>>());
        assert_eq!(both(&None, None), None);
        assert_eq!(both(&None, ids(&[1])), ids(&[1]));
        assert_eq!(both(&ids(&[2]), None), ids(&[2]));
        assert_eq!(both(&ids(&[1, 2]), ids(&[2, 3])), ids(&[2]));
        assert_eq!(both(&ids(&[1]), ids(&[])), ids(&[]));
    }
}
