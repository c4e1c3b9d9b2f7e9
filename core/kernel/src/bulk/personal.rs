//! What runs keep of a person whose data is asked for or erased: by which words their records were found, which nothing reads again, and
//! what was written into them; an undo goes by what each row noted.
use super::{
    Names,
    db::{self, Words},
};
use crate::{Mentions, Result, Tx};
use serde_json::{Value, json};

/// Which runs mention one of these addresses.
pub async fn export_person(tx: &mut Tx, runs: &[&Names], addresses: &[String]) -> Result<Value> {
    let mut all = vec![];
    for names in runs {
        let found = db::mentioning(tx, names, addresses).await?;
        let found = found.iter().filter(|words| words.without(Mentions(addresses)).is_some());
        all.extend(found.map(|words| json!({ "id": words.id, "over": names.many })));
    }
    Ok(json!({ "bulk_runs": all }))
}

/// Takes these addresses out of every run; gives how many of each table mentioned one. Whoever works on a run locks it before the
/// records, so this comes before anything else of a person is erased.
pub async fn erase_person(tx: &mut Tx, runs: &[&Names], addresses: &[String]) -> Result<Vec<(&'static str, u64)>> {
    let mut counts = vec![];
    for names in runs {
        let found = db::mentioning(tx, names, addresses).await?;
        let next: Vec<Words> = found.iter().filter_map(|words| words.without(Mentions(addresses))).collect();
        db::reword(tx, names, &next).await?;
        counts.push((names.runs, next.len() as u64));
    }
    Ok(counts)
}

impl Words {
    /// This without the addresses; `None` when it mentions none.
    fn without(&self, mentions: Mentions<'_>) -> Option<Words> {
        let q = if mentions.dials(&self.q) { Mentions::ERASED.to_owned() } else { mentions.out_of(&self.q) };
        let filter = self.filter.iter().map(|said| mentions.out_of(said)).collect();
        let next = Words { id: self.id, q, filter, change: mentions.out_of_json(&self.change) };
        (next != *self).then_some(next)
    }
}
