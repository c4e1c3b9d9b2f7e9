//! What the law on personal data asks of submissions: to hand them out and to forget them.
use super::{
    actions, db,
    model::{SubmissionRow, lines},
};
use kernel::{Result, Tx};
use serde_json::{Value, json};
use uuid::Uuid;

/// Everything a contact sent, as JSON, oldest first.
pub async fn export(tx: &mut Tx, contact: Uuid) -> Result<Vec<Value>> {
    db::of_contact(tx, contact).await?.iter().map(readable).collect()
}

fn readable(row: &SubmissionRow) -> Result<Value> {
    let form = actions::read_definition(&row.definition)?;
    let lines = row.answers.as_object().map(|answers| lines(&form, answers));
    Ok(json!({
        "id": row.id, "form": row.form, "form_version": row.form_version, "state": row.state, "sent_at": row.created_at,
        "answers": row.answers, "lines": lines, "history": row.discarded, "context": row.context,
        "attribution": row.attribution,
    }))
}

/// Deletes everything a contact sent, with files; also what was kept aside and names one of his addresses. Gives how many
/// submissions there were.
pub async fn erase(tx: &mut Tx, contact: Uuid, addresses: &[String]) -> Result<usize> {
    let addresses: Vec<String> = addresses.iter().map(|a| a.trim().to_lowercase()).collect();
    let mut ids: Vec<_> = db::of_contact(tx, contact).await?.into_iter().map(|row| row.id).collect();
    if !addresses.is_empty() {
        ids.extend(db::aside_with(tx, &addresses).await?);
    }
    for id in &ids {
        actions::remove(tx, *id).await?;
    }
    Ok(ids.len())
}
