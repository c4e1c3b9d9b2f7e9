//! Companies that a file of contacts names: found, or made once, with the contacts as their people.
use super::{
    actions::index,
    db::imports::{self as db, Bound, Pair},
    draft::Draft,
    model::{CompanyId, NewCompany},
};
use crate::{
    company_contacts::{CompanyContactRoles, CompanyRole},
    company_duplicates, health,
};
use fields::{Asking, Custom, RecordKind};
use kernel::{
    Result, Tx,
    ids::{UserId, new_uuid_nth},
    imports::{CellReading, ImportPart, PartBatch, PartRow, PartTaken, PartTrace},
};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Columns about the company that a contact works for.
pub(crate) const IMPORTS: &[ImportPart] = &[ImportPart {
    name: "companies",
    columns: &["company", "company_website", "company_role"],
    needs: Some("company"),
    strict: false,
    write: "companies.write",
    read,
    take: |tx, batch| Box::pin(take(tx, batch)),
    undo: |tx, traces, jump| Box::pin(undo(tx, traces, jump)),
}];

const ROLES: &[(CompanyRole, &[&str])] = &[
    (
        CompanyRole::DecisionMaker,
        &[
            "decisionmaker",
            "decides",
            "decision",
            "champion",
            "executivesponsor",
            "owner",
            "ceo",
            "entscheider",
            "geschäftsführer",
            "décideur",
            "decisor",
            "صاحبالقرار",
        ],
    ),
    (
        CompanyRole::Technical,
        &["technical", "technicalcontact", "tech", "it", "cto", "technik", "technique", "técnico", "تقني"],
    ),
    (
        CompanyRole::Billing,
        &[
            "billing",
            "billingcontact",
            "finance",
            "accounting",
            "accountspayable",
            "budgetholder",
            "cfo",
            "buchhaltung",
            "rechnung",
            "facturation",
            "facturación",
            "المحاسبة",
        ],
    ),
];

/// A name, a website with its host, or roles.
fn read(column: &str, cell: &str, how: &CellReading) -> std::result::Result<Value, &'static str> {
    match column {
        "company" if cell.chars().count() > 200 => Err("too_long"),
        "company" => Ok(json!(cell)),
        "company_website" => {
            let page = NewCompany { name: "-".into(), website: Some(cell.to_owned()), ..NewCompany::default() };
            let draft = Draft::new(page, None).map_err(|_| "url_invalid")?;
            Ok(json!({ "website": draft.website, "domain": draft.domain() }))
        }
        _ => {
            let signs = [how.separator.as_str(), ",", ";", "\n"];
            let words = cell.split(|c: char| signs.iter().any(|sign| sign.starts_with(c)));
            let roles = words.map(plain).filter(|word| !word.is_empty()).map(|word| {
                let known = |(_, words): &&(CompanyRole, &[&str])| words.contains(&word.as_str());
                ROLES.iter().find(known).map(|(role, _)| *role).ok_or("role_unknown")
            });
            Ok(json!(
                CompanyContactRoles { roles: roles.collect::<std::result::Result<_, _>>()?, primary: false }.words()
            ))
        }
    }
}

fn plain(word: &str) -> String {
    word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A company as rows name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Named {
    name: String,
    website: Option<String>,
    domain: Option<String>,
}

impl Named {
    fn of(row: &PartRow) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let page = row.said.get("company_website");
        let part = |name: &str| page.and_then(|page| text(page.get(name)?));
        let name = row.said.get("company").and_then(text)?;
        Some(Named { name, website: part("website"), domain: part("domain") })
    }
}

/// Companies that nobody has, and for each of the rows that name one which of them it is. Equal hosts are the same company; so
/// are equal names, unless their hosts differ.
fn missing(wanted: &[(Named, String)]) -> (Vec<(Named, &str)>, Vec<usize>) {
    let mut new: Vec<(Named, &str)> = vec![];
    let mut by: HashMap<(&str, bool), Vec<usize>> = HashMap::new();
    let mut which = vec![];
    for (named, key) in wanted {
        let domain = named.domain.as_deref();
        let same_host = domain.and_then(|domain| by.get(&(domain, true))?.first().copied());
        let same_name = || {
            let fits = |at: &&usize| domain.is_none() || new[**at].0.domain.is_none();
            by.get(&(key.as_str(), false))?.iter().find(fits).copied()
        };
        let at = match same_host.or_else(same_name) {
            Some(at) => at,
            None => {
                new.push((named.clone(), key));
                by.entry((key, false)).or_default().push(new.len() - 1);
                new.len() - 1
            }
        };
        if let Some(domain) = domain {
            by.entry((domain, true)).or_insert_with(|| vec![at]);
            if new[at].0.domain.is_none() {
                (new[at].0.website, new[at].0.domain) = (named.website.clone(), named.domain.clone());
            }
        }
        which.push(at);
    }
    (new, which)
}

/// Whether an earlier batch of a try would have made this company; it would have from now on.
fn tried(seen: &mut BTreeSet<String>, named: &Named, key: &str) -> bool {
    let (host, name) = (named.domain.clone().unwrap_or_default(), format!("{key}\n"));
    let mut same_name = seen.range(name.clone()..).take_while(|known| known.starts_with(&name));
    let known = same_name.any(|known| host.is_empty() || known.len() == name.len() || known[name.len()..] == host)
        || !host.is_empty() && seen.contains(&format!("\n{host}"));
    if !known {
        seen.insert(name + &host);
        if !host.is_empty() {
            seen.insert(format!("\n{host}"));
        }
    }
    known
}

async fn take(tx: &mut Tx, batch: PartBatch<'_>) -> Result<PartTaken> {
    let rows: Vec<(&PartRow, Named)> = batch.rows.iter().filter_map(|row| Some((row, Named::of(row)?))).collect();
    if batch.writes {
        // Nobody else makes a company of one of these names until this is committed.
        super::db::lock_names(tx).await?;
    }
    let mut places: HashMap<&Named, usize> = HashMap::new();
    let mut distinct: Vec<&Named> = vec![];
    for (_, named) in &rows {
        places.entry(named).or_insert_with(|| {
            distinct.push(named);
            distinct.len() - 1
        });
    }
    let names: Vec<(&str, Option<&str>)> = distinct.iter().map(|n| (n.name.as_str(), n.domain.as_deref())).collect();
    let found = db::find(tx, &names, batch.reach).await?;
    let unknown: Vec<usize> = (0..found.len()).filter(|at| found[*at].company.is_none()).collect();
    let wanted: Vec<(Named, String)> =
        unknown.iter().map(|at| (distinct[*at].clone(), found[*at].name_key.clone())).collect();
    let (new, which) = missing(&wanted);
    let mut taken = PartTaken::default();
    let mut companies: Vec<Option<CompanyId>> = found.iter().map(|found| found.company).collect();
    let mut made = vec![];
    if batch.writes {
        let new: Vec<Named> = new.into_iter().map(|(named, _)| named).collect();
        made = make(tx, new, batch.reach.as_ref().and(batch.by)).await?;
        for (at, new) in unknown.iter().zip(&which) {
            companies[*at] = Some(made[*new]);
        }
        count(&mut taken, "companies", made.len());
    } else {
        let fresh = new.iter().filter(|(named, key)| !tried(batch.seen, named, key)).count();
        count(&mut taken, "companies", fresh);
    }
    let mut first: BTreeSet<CompanyId> = made.into_iter().collect();
    let mut pairs = vec![];
    for (row, named) in &rows {
        let company = companies[places[named]];
        let roles = row.said.get("company_role").and_then(Value::as_array).into_iter().flatten();
        let roles: Vec<String> = roles.filter_map(|role| role.as_str().map(str::to_owned)).collect();
        if let Some(company) = company.filter(|company| first.remove(company)) {
            taken.traces.push(PartTrace {
                step: 1,
                line: row.line,
                contact: None,
                record: Some(company.0),
                trace: json!({ "company": company.0 }),
            });
        }
        pairs.push((*row, company, roles));
    }
    bind(tx, &batch, pairs, &mut taken).await?;
    Ok(taken)
}

/// New companies, in their order. Whoever reaches only some owners' gets them himself.
async fn make(tx: &mut Tx, new: Vec<Named>, owner: Option<Uuid>) -> Result<Vec<CompanyId>> {
    if new.is_empty() {
        return Ok(vec![]);
    }
    let fields = fields::fields_of(tx, RecordKind::Company).await?;
    let mut rows = vec![];
    for (n, Named { name, website, .. }) in (0..).zip(new) {
        let new = NewCompany { name, website, owner: owner.map(UserId), ..NewCompany::default() };
        let mut draft = Draft::new(new, None)?;
        draft.custom = fields.created(&draft.custom, Asking::Nothing).0;
        fields.compute(&draft.own(), &mut draft.custom);
        rows.push((CompanyId(new_uuid_nth(tx.now(), n)), draft));
    }
    db::insert(tx, &rows).await?;
    company_duplicates::compare_later(tx, &rows.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
    for (id, draft) in rows.iter().filter(|(_, draft)| !draft.custom.0.is_empty()) {
        index(tx, &fields, *id, &Custom::default(), &draft.custom).await?;
    }
    Ok(rows.into_iter().map(|(id, _)| id).collect())
}

/// Makes contacts people of their companies; roles are only added.
async fn bind(
    tx: &mut Tx,
    batch: &PartBatch<'_>,
    pairs: Vec<(&PartRow, Option<CompanyId>, Vec<String>)>,
    taken: &mut PartTaken,
) -> Result<()> {
    let asked: Vec<(CompanyId, Uuid)> =
        pairs.iter().filter_map(|(row, company, _)| Some(((*company)?, row.contact))).collect();
    if batch.writes {
        db::hold(tx, &asked).await?;
    }
    let known: HashMap<(CompanyId, Uuid), Bound> = db::bound(tx, &asked, batch.writes)
        .await?
        .into_iter()
        .map(|bound| ((bound.company, bound.contact), bound))
        .collect();
    let (mut new, mut changed) = (vec![], vec![]);
    for (row, company, roles) in pairs {
        let before = company.and_then(|company| known.get(&(company, row.contact)));
        let roles = joined(before.map(|bound| bound.roles.as_slice()).unwrap_or_default(), &roles);
        if before.is_some_and(|before| before.roles.len() == roles.len()) {
            continue;
        }
        count(taken, "people", 1);
        let Some(company) = company.filter(|_| batch.writes) else { continue };
        let trace = json!({ "company": company.0, "roles": roles, "at": tx.now(), "before": before.map(|b| &b.row) });
        let (contact, record) = (Some(row.contact), Some(company.0));
        taken.traces.push(PartTrace { step: 0, line: row.line, contact, record, trace });
        let pair = Pair { company_id: company.0, contact_id: row.contact, roles };
        if before.is_some() { changed.push(pair) } else { new.push(pair) }
    }
    let touched: BTreeSet<CompanyId> = new.iter().chain(&changed).map(|pair| CompanyId(pair.company_id)).collect();
    health::note(tx, &touched.into_iter().collect::<Vec<_>>()).await?;
    db::bind(tx, &new, &changed, batch.jump).await
}

/// Roles of both, as they are stored.
fn joined(known: &[String], more: &[String]) -> Vec<String> {
    let order = |role: &String| ROLES.iter().position(|(known, _)| known.as_str() == role);
    let mut all: Vec<String> = known.iter().chain(more).cloned().collect();
    all.sort_by_key(order);
    all.dedup();
    all
}

fn count(taken: &mut PartTaken, what: &'static str, more: usize) {
    let more = i32::try_from(more).unwrap_or(i32::MAX);
    match taken.counts.iter_mut().find(|(known, _)| *known == what) {
        Some((_, count)) => *count += more,
        None => taken.counts.push((what, more)),
    }
}

/// First people leave companies as they came; then companies go that nobody changed and nothing uses.
async fn undo(tx: &mut Tx, traces: &[PartTrace], jump: i64) -> Result<Vec<&'static str>> {
    let company = |trace: &PartTrace| trace.trace["company"].as_str().and_then(|id| id.parse::<Uuid>().ok());
    let ids: Vec<Uuid> = traces.iter().map(|trace| company(trace).unwrap_or_default()).collect();
    if traces.first().is_some_and(|trace| trace.step == 0) {
        // Whoever looks at the same time whether a company is used sees the people of it that go here, or comes first.
        let pairs: Vec<(CompanyId, Uuid)> =
            traces.iter().zip(&ids).filter_map(|(trace, id)| Some((CompanyId(*id), trace.contact?))).collect();
        db::hold(tx, &pairs).await?;
        health::note(tx, &ids.iter().copied().map(CompanyId).collect::<Vec<_>>()).await?;
        let left = db::unbind(tx, traces, jump).await?;
        let fate = |(trace, id): (&PartTrace, &Uuid)| {
            let is_left = left.iter().any(|l| l.company.0 == *id && Some(l.contact) == trace.contact);
            if is_left { "changed" } else { "undone" }
        };
        return Ok(traces.iter().zip(&ids).map(fate).collect());
    }
    let facts: HashMap<Uuid, db::Fact> = db::facts(tx, &ids).await?.into_iter().map(|fact| (fact.id.0, fact)).collect();
    let fates: Vec<&'static str> = ids
        .iter()
        .map(|id| match facts.get(id) {
            None => "gone",
            Some(fact) if fact.deleted => "gone",
            Some(fact) if fact.changed => "changed",
            Some(fact) if fact.used => "used",
            Some(_) => "undone",
        })
        .collect();
    let gone: Vec<Uuid> = ids.iter().zip(&fates).filter(|(_, fate)| **fate == "undone").map(|(id, _)| *id).collect();
    fields::forget(tx, &gone).await?;
    db::delete(tx, &gone).await?;
    Ok(fates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, domain: &str) -> (Named, String) {
        let domain = (!domain.is_empty()).then(|| domain.to_owned());
        (Named { name: name.into(), website: domain.clone(), domain }, name.to_lowercase())
    }

    #[test]
    fn a_company_is_one_by_its_host_or_its_name() {
        let wanted = [
            named("Acme", ""),
            named("ACME", "acme.example"),
            named("Acme Ltd", "acme.example"),
            named("Acme", "other.example"),
            named("Umbrella", ""),
        ];
        let (new, which) = missing(&wanted);
        assert_eq!(which, [0, 0, 0, 1, 2]);
        let hosts: Vec<Option<&str>> = new.iter().map(|(named, _)| named.domain.as_deref()).collect();
        assert_eq!(hosts, [Some("acme.example"), Some("other.example"), None]);
        let mut seen = BTreeSet::new();
        let mut fresh = |name, domain| {
            let (named, key) = named(name, domain);
            !tried(&mut seen, &named, &key)
        };
        assert!(fresh("Acme", "acme.example"));
        assert!(!fresh("ACME", ""), "the name alone fits");
        assert!(!fresh("Acme Ltd", "acme.example"), "so does the host");
        assert!(fresh("Acme", "other.example"));
        assert!(fresh("Acm", ""), "the beginning of a name is another name");
    }

    #[test]
    fn cells_say_names_pages_and_roles() {
        let how = CellReading { separator: "|".into(), ..CellReading::default() };
        assert_eq!(read("company", "Müller & Söhne", &how), Ok(json!("Müller & Söhne")));
        assert_eq!(read("company", &"x".repeat(201), &how), Err("too_long"));
        let page = json!({"website": "https://www.acme.example", "domain": "acme.example"});
        assert_eq!(read("company_website", "www.acme.example", &how), Ok(page));
        assert_eq!(read("company_website", "no page", &how), Err("url_invalid"));
        assert_eq!(read("company_role", "Billing | Decision-Maker", &how), Ok(json!(["decision_maker", "billing"])));
        assert_eq!(read("company_role", "Court jester", &how), Err("role_unknown"));
    }
}
