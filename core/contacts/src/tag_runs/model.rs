//! What a run is, and which names mean the same tag while there are some.
use crate::tags::TagId;
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::Object;

kernel::id!(TagRunId, "tgr", "Contacts that follow a tag.");

row! {
    /// Contacts that follow a tag which was renamed, merged or deleted. It is there while they do.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct TagRun {
        /// Its id.
        pub id: TagRunId,
        /// What contacts carried, and those carry still that it has not come to.
        pub name: String,
        /// The tag that they carry instead; none when it was deleted.
        pub tag: Option<TagId>,
        /// What that tag is called.
        pub becomes: Option<String>,
        /// Contacts that carried the name when they were counted, deleted ones too; none until then.
        pub total: Option<i64>,
        /// Contacts that have followed.
        pub done: i64,
        /// Who changed the tag.
        pub created_by: Option<UserId>,
        /// When, UTC.
        pub created_at: DateTime<Utc>,
    }
}

row! {
    /// A name on its way out.
    #[derive(Debug, Clone)]
    pub struct Leaving {
        pub name: String,
        /// What contacts carry instead; none when they lose it.
        pub becomes: Option<String>,
    }
}

/// All names on their way out.
#[derive(Debug)]
pub struct Names(pub Vec<Leaving>);

impl Names {
    /// What contacts are given for a name that no tag has: itself, unless it is on its way out. Then it is what its tag is called now,
    /// or nothing.
    pub fn given(&self, name: String) -> Option<String> {
        match self.leaving(&name) {
            Some(leaving) => leaving.becomes.clone(),
            None => Some(name),
        }
    }

    fn leaving(&self, name: &str) -> Option<&Leaving> {
        self.0.iter().find(|leaving| is_same(&leaving.name, name))
    }

    /// Every name by which contacts carry the tag of this name, itself among them.
    pub fn of(&self, name: &str) -> Vec<String> {
        let now = self.leaving(name).and_then(|leaving| leaving.becomes.as_deref()).unwrap_or(name);
        let mut all = vec![name.to_owned(), now.to_owned()];
        let before = |leaving: &&Leaving| leaving.becomes.as_ref().is_some_and(|becomes| is_same(becomes, now));
        all.extend(self.0.iter().filter(before).map(|leaving| leaving.name.clone()));
        all.sort();
        all.dedup();
        all
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[(&str, Option<&str>)]) -> Names {
        let leaving = |(name, becomes): &(&str, Option<&str>)| Leaving {
            name: (*name).to_owned(),
            becomes: becomes.map(str::to_owned),
        };
        Names(all.iter().map(leaving).collect())
    }

    #[test]
    fn a_tag_is_found_by_each_of_its_names_and_given_by_its_own() {
        let names = names(&[("a", Some("c")), ("b", Some("c")), ("x", None)]);
        for name in ["a", "b", "c"] {
            assert_eq!(names.of(name), ["a", "b", "c"], "{name}");
        }
        assert_eq!((names.of("x"), names.of("d")), (vec!["x".to_owned()], vec!["d".to_owned()]));
        let given = |name: &str| names.given(name.to_owned());
        assert_eq!((given("A").as_deref(), given("x"), given("d").as_deref()), (Some("c"), None, Some("d")));
    }

    #[test]
    fn a_new_spelling_is_the_same_tag() {
        let names = names(&[("vip", Some("VIP"))]);
        assert_eq!((names.of("VIP"), names.of("vip")), (vec!["VIP".to_owned(), "vip".to_owned()], names.of("VIP")));
    }
}
