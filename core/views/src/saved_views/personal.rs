//! What views say of a person whose data is asked for or erased: somebody searched for an address, or filtered by it.
use super::{
    db::{self, Words},
    model::ViewOptions,
};
use kernel::{Mentions, Result, Tx};
use serde_json::{Value, json};

/// Which views mention one of these addresses.
pub async fn export_person(tx: &mut Tx, addresses: &[String]) -> Result<Value> {
    let found = db::mentioning(tx, addresses).await?;
    let found = found.iter().filter(|words| words.without(Mentions(addresses)).is_some());
    Ok(json!({ "saved_views": found.map(|words| json!({ "id": words.id, "list": words.list })).collect::<Vec<_>>() }))
}

/// Takes these addresses out of every view: what was searched for is emptied, and a filter by one fits nobody any more.
pub async fn erase_person(tx: &mut Tx, addresses: &[String]) -> Result<Vec<(&'static str, u64)>> {
    let found = db::mentioning(tx, addresses).await?;
    let next: Vec<Words> = found.iter().filter_map(|words| words.without(Mentions(addresses))).collect();
    db::reword(tx, &next).await?;
    Ok(vec![("saved_views", next.len() as u64)])
}

impl Words {
    /// This without the addresses; `None` when it mentions none.
    fn without(&self, mentions: Mentions<'_>) -> Option<Words> {
        let of = |text: &str| mentions.out_of(text);
        // Names are given once, so each that is lost is lost in its own way.
        let is_named = of(&self.name) != self.name;
        let name = if is_named { format!("{} {}", Mentions::ERASED, self.id) } else { self.name.clone() };
        let q = self.q.clone().filter(|q| of(q) == *q && !mentions.dials(q));
        let filter = self.filter.iter().map(|said| of(said)).collect();
        let options = self.options.0.iter().map(|(name, text)| (name.clone(), of(text))).collect();
        let next = Words { id: self.id, list: self.list.clone(), name, q, filter, options: ViewOptions(options) };
        (next != *self).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saved_views::model::SavedViewId;
    use uuid::Uuid;

    fn words(name: &str, q: Option<&str>, filter: &[&str]) -> Words {
        Words {
            id: SavedViewId(Uuid::from_u128(7)),
            list: "contacts".into(),
            name: name.into(),
            q: q.map(Into::into),
            filter: filter.iter().map(|said| (*said).into()).collect(),
            options: ViewOptions::default(),
        }
    }

    #[test]
    fn an_address_goes_and_the_rest_stays() {
        let of = ["ann@x.example".to_owned(), "+49 151 234567".to_owned(), "+49151234567".to_owned()];
        let said =
            words("Mine", Some("Ann@X.example"), &["phone:prefix:+49151234567", "email:in:ANN@x.example,Bo@y.example"]);
        let of = Mentions(&of);
        let next = said.without(of).unwrap();
        assert_eq!((next.name.as_str(), next.q.as_deref()), ("Mine", None));
        assert_eq!(next.filter, ["phone:prefix:0000000000", "email:in:[erased],Bo@y.example"]);
        assert!(next.without(of).is_none());
        for (q, stays) in
            [("0151 234567", false), ("151-234567", false), ("34567", true), ("2031", true), ("Ann", true)]
        {
            assert_eq!(words("Mine", Some(q), &[]).without(of).is_none(), stays, "{q}");
        }
        let named = words("Calls +49151234567", None, &[]).without(of).unwrap().name;
        assert!(named.starts_with("[erased] viw_"));
    }
}
