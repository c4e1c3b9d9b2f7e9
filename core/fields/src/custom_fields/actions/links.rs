//! What people write where a link is meant: an id, a name, an address.
use super::super::{
    db::{self, Lead},
    model::RecordKind,
    value::uuid_of,
};
use kernel::{Result, Tx};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The records of a kind that texts lead to, among those of these owners (everybody's when `None`): by id, by the whole name,
/// contacts also by an e-mail address and companies by their domain. Gives for each text an id as links keep it, or why there is
/// none: `link_unknown`, or `link_ambiguous` when it leads to several.
pub async fn leads(
    tx: &mut Tx,
    target: RecordKind,
    said: &[&str],
    owners: &Option<Vec<Uuid>>,
) -> Result<BTreeMap<String, std::result::Result<String, &'static str>>> {
    let ids: Vec<Option<Uuid>> = said.iter().map(|text| uuid_of(text, target.prefix())).collect();
    let addresses: Vec<String> = said.iter().map(|text| address(target, text)).collect();
    let mut found: BTreeMap<String, std::result::Result<String, &'static str>> =
        said.iter().map(|text| ((*text).to_owned(), Err("link_unknown"))).collect();
    for Lead { said, record } in db::leads(tx, target, said, &ids, &addresses, owners).await? {
        let id = format!("{}_{}", target.prefix(), kernel::ids::encode(record));
        found.entry(said).and_modify(|known| {
            *known = if *known == Err("link_unknown") { Ok(id) } else { Err("link_ambiguous") };
        });
    }
    Ok(found)
}

/// What a text is as an address: of a website only its host.
fn address(target: RecordKind, said: &str) -> String {
    let lower = said.trim().to_lowercase();
    if target != RecordKind::Company {
        return lower;
    }
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or(bare);
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_website_only_the_host_is_compared() {
        let company = |said: &str| address(RecordKind::Company, said);
        assert_eq!(company("https://WWW.Acme.example/about?x=1"), "acme.example");
        assert_eq!(company("acme.example"), "acme.example");
        assert_eq!(address(RecordKind::Contact, " Ann@Acme.example "), "ann@acme.example");
    }
}
