//! Recomputes the chain: what the rows say must lead to the hashes that were stamped.
use super::{db, model::Verification};
use kernel::{
    App, Error, Result,
    crypto::{constant_time_eq, hex},
    events::chain_hash,
    tenancy::Tenant,
};
use std::{str::FromStr, sync::Arc};

/// Links read at once: few enough that a long chain never holds a connection for long.
const STRETCH: i64 = 1000;

/// A place in the chain that somebody kept outside: `<seq>:<hash>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    seq: i64,
    hash: String,
}

impl FromStr for Anchor {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let parsed = text
            .split_once(':')
            .and_then(|(seq, hash)| Some(Anchor { seq: seq.parse().ok()?, hash: hash.to_lowercase() }));
        parsed.filter(|a| a.seq > 0 && a.hash.len() == 64 && a.hash.bytes().all(|b| b.is_ascii_hexdigit())).ok_or_else(
            || {
                Error::invalid(
                    "/anchor",
                    "anchor_invalid",
                    "checked and root of an earlier answer, as <number>:<hash>.",
                )
            },
        )
    }
}

/// Checks a tenant's whole chain, a stretch at a time; also of one that stands still.
pub async fn verify(app: &Arc<App>, tenant: &Arc<Tenant>, anchor: Option<&Anchor>) -> Result<Verification> {
    let context = app.system("verify-audit");
    let (mut checked, mut root) = (0, vec![]);
    let failed = |checked, root: &[u8], at: Option<i64>, problem: &str| {
        let root = (!root.is_empty()).then(|| hex(root));
        Ok(Verification { valid: false, checked, root, broken_at: at, problem: Some(problem.to_owned()) })
    };
    // Counted first: what is recorded while we read is not missing.
    let (mut unlogged, mut last) = (0, None);
    loop {
        let looked =
            app.read_in_any_state(tenant, context.clone(), async |tx| db::count_unlogged(tx, last).await).await?;
        unlogged += looked.count;
        last = looked.last;
        if last.is_none() {
            break;
        }
    }
    loop {
        let links =
            app.read_in_any_state(tenant, context.clone(), async |tx| db::links(tx, checked, STRETCH).await).await?;
        if links.is_empty() {
            break;
        }
        for link in links {
            let (event, stamped) = link.split();
            if event.seq != checked + 1 {
                return failed(checked, &root, Some(checked + 1), "gap");
            }
            let computed = chain_hash(&root, &event);
            if !constant_time_eq(&computed, &stamped) {
                return failed(checked, &root, Some(event.seq), "hash");
            }
            checked = event.seq;
            root = stamped;
            if anchor.is_some_and(|a| a.seq == checked && a.hash != hex(&root)) {
                return failed(checked, &root, Some(checked), "anchor");
            }
        }
    }
    if anchor.is_some_and(|a| a.seq > checked) {
        return failed(checked, &root, Some(checked + 1), "anchor");
    }
    if unlogged > 0 {
        return failed(checked, &root, Some(checked + 1), "unlogged");
    }
    let root = (!root.is_empty()).then(|| hex(&root));
    Ok(Verification { valid: true, checked, root, ..Verification::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_a_number_and_a_hash() {
        let hash = "ab".repeat(32);
        assert_eq!(
            format!("7:{}", hash.to_uppercase()).parse::<Anchor>().unwrap(),
            Anchor { seq: 7, hash: hash.clone() }
        );
        for wrong in ["", "7", "7:", &format!("0:{hash}"), &format!("x:{hash}"), "7:zz"] {
            assert!(wrong.parse::<Anchor>().is_err(), "{wrong}");
        }
    }
}
