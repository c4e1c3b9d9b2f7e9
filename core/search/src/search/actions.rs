//! Asking one kind after the other.
use super::{
    db,
    model::{Found, Question, SearchAnswer, SearchHit, SearchKind, Within},
    snippet::snippet,
};
use activities::wire_id;
use kernel::{Cx, Result, Tx, auth::SignedIn, db::ListQuery};
use std::time::Duration;

/// How long the whole account is searched for mistyped words; the newest of each kind are searched in any case.
const PATIENCE: Duration = Duration::from_millis(30);

/// Everything that is found in the kinds that the caller may list.
pub(super) async fn search(cx: &Cx<SignedIn>, question: &Question, kinds: &[SearchKind]) -> Result<SearchAnswer> {
    let mut asked = vec![];
    for kind in kinds {
        if let Some(within) = within(cx, *kind)
            && cx.app.require_module(&cx.tenant, module_of(*kind)).await.is_ok()
        {
            asked.push((*kind, within));
        }
    }
    cx.read(async |tx| {
        tx.seek().await?;
        let (mut items, mut patience) = (vec![], PATIENCE);
        for (kind, within) in &asked {
            items.extend(of_kind(tx, *kind, question, within, &mut patience).await?);
        }
        Ok(SearchAnswer { items })
    })
    .await
}

/// The module whose list shows the kind.
fn module_of(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Contacts => "contacts",
        SearchKind::Companies => "companies",
        SearchKind::Deals => "deals",
        SearchKind::Tasks => "tasks",
        SearchKind::Notes | SearchKind::Activities => "activities",
        SearchKind::Mails => "notifications",
        SearchKind::Submissions => "forms",
    }
}

/// How far the caller reaches; none for nowhere.
fn within(cx: &Cx<SignedIn>, kind: SearchKind) -> Option<Within> {
    let owners = match kind {
        SearchKind::Contacts => cx.visible_owners_of::<contacts::Read>(),
        SearchKind::Companies => cx.visible_owners_of::<companies::Read>(),
        SearchKind::Deals => cx.visible_owners_of::<deals::Read>(),
        SearchKind::Tasks => cx.visible_owners_of::<tasks::Read>(),
        SearchKind::Notes | SearchKind::Activities => cx.visible_owners_of::<activities::Read>(),
        // The list shows somebody whose level is lower what was sent to himself, and no mail to a contact was.
        SearchKind::Mails => match cx.visible_owners_of::<notifications::ReadMails>() {
            None => None,
            Some(_) => return None,
        },
        SearchKind::Submissions => cx.visible_owners_of::<forms::Read>(),
    };
    match (kind, owners) {
        (_, Some(owners)) if owners.is_empty() => None,
        (SearchKind::Notes | SearchKind::Activities, _) => {
            Some(Within::Records(activities::reach::<_, activities::Read>(cx), cx.principal.user))
        }
        (_, owners) => Some(Within::Owners(owners)),
    }
}

async fn of_kind(
    tx: &mut Tx,
    kind: SearchKind,
    question: &Question,
    within: &Within,
    patience: &mut Duration,
) -> Result<Vec<SearchHit>> {
    if let (SearchKind::Contacts, Within::Owners(owners)) = (kind, within) {
        let query = ListQuery { limit: Some(question.limit), ..ListQuery::default() };
        let page = contacts::closest(tx, &question.text, &query, owners).await?;
        let hit = |contact: contacts::Contact| {
            let told: Vec<&str> = [&contact.company_name, &contact.email, &contact.phone]
                .into_iter()
                .filter_map(|part| part.as_deref())
                .collect();
            SearchHit {
                kind,
                id: contact.id.to_string(),
                snippet: snippet(&told.join(" · "), &question.words()),
                title: contact.display_name,
                about: None,
                contact: Some(contact.id),
                company: None,
                deal: None,
                at: contact.updated_at,
            }
        };
        return Ok(page.items.into_iter().map(hit).collect());
    }
    let found = db::find(tx, kind, question, within, patience).await?;
    Ok(found.into_iter().map(|row| hit_of(kind, row, question)).collect())
}

fn hit_of(kind: SearchKind, row: Found, question: &Question) -> SearchHit {
    let answered = row.definition.as_ref().zip(row.answers.as_ref());
    let body = match answered {
        Some((definition, answers)) => forms::submissions::model::excerpt(definition, answers),
        None => row.body.unwrap_or_default(),
    };
    SearchHit {
        kind,
        id: wire_id(kind.as_str(), row.id),
        snippet: snippet(&body, &question.words()),
        title: row.title,
        about: row.about,
        contact: row.contact,
        company: row.company,
        deal: row.deal,
        at: row.at,
    }
}
