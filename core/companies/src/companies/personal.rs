//! What companies say of a person whose data is erased.
use super::{
    actions::{index, record},
    db,
    draft::Draft,
};
use fields::RecordKind;
use kernel::{Result, Tx};
use serde_json::json;

/// Takes out of every company what mentions one of these texts; gives how many companies said one.
pub async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    let mut count = 0;
    let fields = fields::fields_of(tx, RecordKind::Company).await?;
    for company in db::mentioning(tx, mentions).await? {
        let current = Draft::of(&company);
        if let Some(mut next) = current.without(mentions) {
            fields.compute(&next.own(), &mut next.custom);
            db::update(tx, company.id, &next).await?;
            index(tx, &fields, company.id, &current.custom, &next.custom).await?;
            let fields = current.changed_fields(&next);
            record(tx, "company.redacted", company.id, "Words about a person erased", json!({ "fields": fields }))
                .await?;
            count += 1;
        }
    }
    Ok(count)
}
