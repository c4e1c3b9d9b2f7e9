//! Every statement on the consent ledger.
use super::model::{Consent, ConsentId, Evidence, NewConsent};
use crate::contacts::ContactId;
use kernel::{
    Result, Tx,
    crypto::sha256,
    db::{Field, FieldKind, ListSpec, Sql},
    sql,
};

/// Every line.
pub const LIST: ListSpec = ListSpec {
    select: "select s.id, s.contact_id as contact, s.purpose, s.channel, s.state, encode(s.text_hash, 'hex') as text_hash, t.text, s.text_version, \
        encode(s.evidence_hash, 'hex') as evidence_hash, v.evidence, s.actor_kind, s.occurred_at \
        from consents s left join consent_texts t on t.hash = s.text_hash left join consent_evidence v on v.consent_id = s.id",
    id: "s.id",
    always: "",
    fields: &[
        Field { name: "purpose", sql: "s.purpose", kind: FieldKind::Text, sort: None },
        Field { name: "channel", sql: "s.channel", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "s.state", kind: FieldKind::Text, sort: None },
        Field { name: "occurred_at", sql: "s.occurred_at", kind: FieldKind::Time, sort: Some("s.occurred_at") },
    ],
    default_sort: "-occurred_at",
};

/// Lines about a contact. The ledger only grows, so lines about contacts that became part of it keep their ids.
pub const ABOUT: &str =
    "s.contact_id = any(array(select ?::uuid union all select m.id from contacts m where m.merged_into = ?))";

/// Adds a line with its evidence; the wording is kept once.
pub async fn insert(
    tx: &mut Tx,
    id: ConsentId,
    contact: ContactId,
    new: &NewConsent,
    evidence: &Evidence,
) -> Result<()> {
    const INSERT_TEXT: Sql =
        sql!("insert into consent_texts (hash, text, created_at) values ($1, $2, $3) on conflict (hash) do nothing");
    const INSERT: Sql = sql!(
        "with evidence as (insert into consent_evidence (consent_id, contact_id, evidence) values ($1, $2, $8))
         insert into consents (id, contact_id, purpose, channel, state, text_hash, text_version, evidence_hash, actor_kind, actor_id, occurred_at)
         values ($1, $2, $3, $4, $5, $6, $7, $9, $10, $11, $12)"
    );
    let context = tx.context().clone();
    let text_hash = new.text.as_ref().map(|text| sha256(text.as_bytes()).to_vec());
    if let (Some(hash), Some(text)) = (&text_hash, &new.text) {
        tx.exec(INSERT_TEXT, &[hash, text, &context.now]).await?;
    }
    tx.exec_one(
        INSERT,
        &[
            &id,
            &contact,
            &new.purpose,
            &new.channel.map(|c| c.as_str()),
            &new.state.as_str(),
            &text_hash,
            &new.text_version,
            evidence,
            &evidence.hash().to_vec(),
            &context.actor.kind.as_str(),
            &context.actor.id,
            &context.now,
        ],
    )
    .await
}

/// Every line about a contact and those that became part of it, oldest first.
pub async fn all_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<Consent>> {
    const ALL_OF: Sql = sql!(
        "select s.id, s.contact_id as contact, s.purpose, s.channel, s.state, encode(s.text_hash, 'hex') as text_hash, t.text, s.text_version,
           encode(s.evidence_hash, 'hex') as evidence_hash, v.evidence, s.actor_kind, s.occurred_at
         from consents s left join consent_texts t on t.hash = s.text_hash left join consent_evidence v on v.consent_id = s.id
         where s.contact_id in (select $1::uuid union all select m.id from contacts m where m.merged_into = $1) order by s.occurred_at, s.id"
    );
    tx.rows(ALL_OF, &[&contact]).await
}

/// Forgets the evidence of a contact; gives how many lines lost theirs.
pub async fn delete_evidence(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    const DELETE_EVIDENCE: Sql = sql!("delete from consent_evidence where contact_id = $1");
    tx.exec(DELETE_EVIDENCE, &[&contact]).await
}
