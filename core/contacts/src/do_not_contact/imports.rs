//! Opt-outs that a file of contacts brings. They are only ever added: an empty cell or a `no` opens no channel.
use super::db::{self, Brought};
use kernel::{
    Result, Tx,
    imports::{CellReading, ImportPart, PartBatch, PartTaken, PartTrace},
};
use serde_json::{Value, json};

/// Columns that say by which channels somebody must not be contacted.
pub(crate) const IMPORTS: &[ImportPart] = &[ImportPart {
    name: "blocks",
    columns: &["opt_out", "opt_out_email", "opt_out_phone", "opt_out_sms", "opt_out_whatsapp"],
    needs: None,
    // Whoever said that he wants no mail must not get one because his row said it in other words.
    strict: true,
    write: "contacts.write",
    read,
    take: |tx, batch| Box::pin(take(tx, batch)),
    undo: |tx, traces, _| Box::pin(undo(tx, traces)),
}];

const YES: &[&str] = &[
    "yes",
    "y",
    "true",
    "t",
    "1",
    "x",
    "✓",
    "ja",
    "j",
    "wahr",
    "oui",
    "si",
    "sí",
    "sim",
    "vrai",
    "verdadero",
    "نعم",
    "optout",
    "optedout",
    "unsubscribed",
    "abgemeldet",
    "désinscrit",
    "blocked",
    "never",
    "do not contact",
    "outbound",
];
const NO: &[&str] = &[
    "no",
    "n",
    "false",
    "f",
    "0",
    "-",
    "nein",
    "falsch",
    "non",
    "não",
    "nao",
    "nee",
    "faux",
    "falso",
    "لا",
    "optin",
    "optedin",
    "subscribed",
    "allowed",
    "none",
    "null",
    "n/a",
];
const CHANNELS: &[(&str, &[&str])] = &[
    ("email", &["email", "mail", "emails", "newsletter", "البريد"]),
    ("phone", &["phone", "call", "calls", "voice", "telefon", "telephone", "teléfono", "الهاتف"]),
    ("sms", &["sms", "text", "texts"]),
    ("whatsapp", &["whatsapp", "واتساب"]),
    ("all", &["all", "everything", "alle", "tous", "todo", "todos", "الكل"]),
];

/// The blocks that a cell asks for: `[["email", "outbound"]]`. Of a column for one channel it is asked whether, of the other one
/// by which ways too; `inbound` and `both` say the direction, and a day says since when, which is yes.
fn read(column: &str, cell: &str, how: &CellReading) -> std::result::Result<Value, &'static str> {
    let own = column.strip_prefix("opt_out_").unwrap_or("all");
    let mut blocks: Vec<(&str, &str)> = vec![];
    for word in cell.split([',', ';', '|', '\n']).filter(|word| !word.trim().is_empty()) {
        let plain = word.trim().to_lowercase();
        let bare = plain.replace([' ', '-', '_'], "");
        let any = |words: &[&str]| words.contains(&plain.as_str()) || words.contains(&bare.as_str());
        let channel = CHANNELS.iter().find(|(_, words)| own == "all" && any(words)).map(|(channel, _)| *channel);
        match channel {
            Some(channel) => blocks.push((channel, "outbound")),
            None if any(NO) => {}
            None if any(YES) || is_day(&plain, how) => blocks.push((own, "outbound")),
            None if plain == "inbound" => blocks.push((own, "inbound")),
            None if plain == "both" => blocks.extend([(own, "outbound"), (own, "inbound")]),
            None => return Err("opt_out_unclear"),
        }
    }
    blocks.sort_unstable();
    blocks.dedup();
    Ok(if blocks.is_empty() { Value::Null } else { json!(blocks) })
}

/// Whether it looks like a day: `2024-05-01`, `1.5.2024 13:00`.
fn is_day(text: &str, how: &CellReading) -> bool {
    let numbers: Vec<u32> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    let year = |number: &u32| (1990..=u32::try_from(how.year).unwrap_or(0)).contains(number);
    numbers.len() >= 3 && numbers[..3].iter().any(year)
}

async fn take(tx: &mut Tx, batch: PartBatch<'_>) -> Result<PartTaken> {
    let mut wanted = vec![];
    for row in batch.rows {
        // Columns of one channel and of all say the same once.
        let mut said: Vec<(&str, &str)> =
            row.said.values().filter_map(Value::as_array).flatten().filter_map(pair).collect();
        said.sort_unstable();
        said.dedup();
        wanted.extend(said.into_iter().map(|(channel, direction)| Brought {
            contact: row.contact,
            channel: channel.to_owned(),
            direction: direction.to_owned(),
        }));
    }
    let new = match batch.writes {
        true => db::bring(tx, &wanted, batch.by).await?,
        false => db::not_yet(tx, &wanted).await?,
    };
    let line = |contact| batch.rows.iter().find(|row| row.contact == contact).map(|row| row.line);
    let mut traces: Vec<PartTrace> = vec![];
    for block in &new {
        let trace = json!({ "channel": block.channel, "direction": block.direction, "at": tx.now() });
        match traces.iter_mut().find(|known| known.contact == Some(block.contact)) {
            Some(known) => known.trace.as_array_mut().into_iter().for_each(|all| all.push(trace.clone())),
            None => traces.extend(line(block.contact).map(|line| PartTrace {
                step: 0,
                line,
                contact: Some(block.contact),
                record: None,
                trace: json!([trace]),
            })),
        }
    }
    let count = i32::try_from(new.len()).unwrap_or(i32::MAX);
    Ok(PartTaken { counts: vec![("blocks", count)], traces })
}

fn pair(block: &Value) -> Option<(&str, &str)> {
    Some((block.get(0)?.as_str()?, block.get(1)?.as_str()?))
}

/// Takes blocks away that nobody has put anew, or given a reason, since.
async fn undo(tx: &mut Tx, traces: &[PartTrace]) -> Result<Vec<&'static str>> {
    let contacts: Vec<_> = traces.iter().filter_map(|trace| trace.contact).collect();
    let rows: Vec<&Value> = traces.iter().filter(|trace| trace.contact.is_some()).map(|trace| &trace.trace).collect();
    let left = db::take_back(tx, &contacts, &rows).await?;
    let fate =
        |trace: &PartTrace| if trace.contact.is_some_and(|id| left.contains(&id)) { "changed" } else { "undone" };
    Ok(traces.iter().map(fate).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_say_which_channels_are_blocked() {
        let how = CellReading { year: 2026, ..CellReading::default() };
        let out = |channel: &str| json!([[channel, "outbound"]]);
        for (column, cell, expected) in [
            ("opt_out_email", "Yes", Ok(out("email"))),
            ("opt_out_email", "Opted-out", Ok(out("email"))),
            ("opt_out_phone", "x", Ok(out("phone"))),
            ("opt_out_sms", "no", Ok(Value::Null)),
            ("opt_out_whatsapp", "0", Ok(Value::Null)),
            ("opt_out_email", "2024-05-01 10:00:00", Ok(out("email"))),
            ("opt_out_email", "maybe", Err("opt_out_unclear")),
            ("opt_out_email", "sms", Err("opt_out_unclear")),
            ("opt_out_phone", "both", Ok(json!([["phone", "inbound"], ["phone", "outbound"]]))),
            ("opt_out", "ja", Ok(out("all"))),
            ("opt_out", "Calls; SMS", Ok(json!([["phone", "outbound"], ["sms", "outbound"]]))),
            ("opt_out", "نعم", Ok(out("all"))),
        ] {
            assert_eq!(read(column, cell, &how), expected, "{column}: {cell}");
        }
    }
}
