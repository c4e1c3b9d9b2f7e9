//! From the cells of a row to what it says about a contact, or why it cannot be taken.
use super::{
    decode::{self, Record},
    model::{BadCells, ImportColumn, ImportField, ImportKey, ImportOptions},
};
use crate::{
    contacts::{Address, ContactEmail, ContactId, ContactPhone, ContactTier, Draft, EmailKind, NewContact, PhoneKind},
    profiles::{SocialNetwork, SocialProfile},
};
use chrono::{DateTime, Utc};
use fields::{Custom, Fields, RecordKind};
use kernel::{
    error::FieldProblem,
    ids::UserId,
    imports::{CellReading, ImportPart},
};
use serde_json::{Map, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// For the value of a unique own field, by key and as it was written: how it is compared, and the record that has it.
pub type UniqueValues = HashMap<(String, String), (String, Option<Uuid>)>;

/// How the rows of one file are read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What each column says.
    pub columns: Vec<ImportColumn>,
    /// What its user chose.
    pub options: ImportOptions,
    /// Where phone numbers belong.
    pub country: Option<String>,
    /// Keys of stages by key and name, lower-case.
    pub stages: HashMap<String, String>,
    /// Fields that the tenant defined.
    pub fields: Fields,
    /// Parts that columns belong to.
    pub parts: HashMap<ImportField, &'static ImportPart>,
    /// How their cells are read.
    pub cells: CellReading,
    /// Members by id, address and name, lower-case; a name that two have is nobody's.
    pub members: HashMap<String, UserId>,
    /// The moment of the batch.
    pub now: DateTime<Utc>,
}

/// Why a row does not come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// A code.
    pub reason: String,
    /// The column that it is about.
    pub column: Option<String>,
}

impl Refusal {
    /// Without a column.
    pub fn of(reason: &str) -> Self {
        Refusal { reason: reason.to_owned(), column: None }
    }
}

/// What stands in a column of an own field that links to a record.
#[derive(Debug, Clone)]
pub struct SaidLink {
    /// Key of the field.
    pub key: String,
    /// Name of the column.
    pub column: String,
    /// Kind of the record.
    pub target: RecordKind,
    /// What is meant to lead to it.
    pub text: String,
}

/// What a row says.
#[derive(Debug, Clone)]
pub struct Said {
    /// The id it names.
    pub id: Option<ContactId>,
    /// Everything else; without a name when it says none.
    pub draft: Draft,
    /// The stage it names.
    pub stage: Option<String>,
    /// Links, until they are looked up.
    pub links: Vec<SaidLink>,
    /// What it says that is not the contact's own, by column of a part.
    pub parts: Map<String, Value>,
}

/// A row as it was read.
#[derive(Debug, Clone)]
pub struct Row {
    /// The row of the file.
    pub record: Record,
    /// What it says.
    pub said: Result<Said, Refusal>,
}

impl Said {
    /// What leads to its contact, the most trusted first: kind and canonical value.
    pub fn keys(&self, by: &[ImportKey], unique: &UniqueValues) -> Vec<(ImportKey, String)> {
        let (emails, phones) = self.draft.match_keys();
        let mut keys = vec![];
        for kind in by {
            match kind {
                ImportKey::Id => keys.extend(self.id.map(|id| (*kind, id.0.to_string()))),
                ImportKey::Email => keys.extend(emails.iter().map(|e| (*kind, e.clone()))),
                ImportKey::Phone => keys.extend(phones.iter().map(|p| (*kind, p.clone()))),
                ImportKey::Custom => keys.extend(self.own_keys(unique).map(|(key, _)| (*kind, key))),
            }
        }
        keys
    }

    /// Its unique values of the tenant's own fields, each with the record that has it.
    pub fn own_keys<'a>(&'a self, unique: &'a UniqueValues) -> impl Iterator<Item = (String, Option<Uuid>)> + 'a {
        self.draft.custom.0.iter().filter_map(|(key, value)| {
            let (compared, holder) = unique.get(&(key.clone(), value.to_string()))?;
            Some((format!("{key}={compared}"), *holder))
        })
    }
}

impl Reading {
    /// Reads a row.
    pub fn row(&self, record: Record) -> Row {
        let said = match decode::refusal(&record, self.columns.len()) {
            Some(reason) => Err(Refusal::of(reason)),
            None => self.said(&record),
        };
        Row { record, said }
    }

    /// What a column of a part says.
    fn part(&self, cells: &mut Cells, field: ImportField, column: &ImportColumn, cell: &str) -> Result<(), Refusal> {
        let (Some(part), Some(name)) = (self.parts.get(&field), field.part_column()) else { return Ok(()) };
        // Our own export puts an apostrophe before what a spreadsheet would run.
        let cell = cell.strip_prefix('\'').unwrap_or(cell);
        match (part.read)(name, cell, &self.cells) {
            Ok(Value::Null) => {}
            Ok(value) => {
                let named = self.columns.iter().any(|c| c.field == Some(ImportField::CompanyName));
                if field == ImportField::Company && !named {
                    cells.new.company_name = Some(cell.to_owned());
                    cells.sources.push(("/company_name".to_owned(), column.name.clone()));
                }
                cells.parts.insert(name.to_owned(), value);
            }
            Err(_) if self.options.bad_cells == BadCells::LeaveOut && !part.strict => {}
            Err(reason) => return Err(Refusal { reason: reason.into(), column: Some(column.name.clone()) }),
        }
        Ok(())
    }

    /// The value of a custom field; a field that was put away since says nothing.
    fn custom(&self, cells: &mut Cells, key: &str, column: &ImportColumn, cell: &str) -> Result<(), Refusal> {
        let Some(field) = self.fields.importable().find(|field| field.key == key) else { return Ok(()) };
        // Our own export puts an apostrophe before what a spreadsheet would run.
        let cell = cell.strip_prefix('\'').unwrap_or(cell);
        if let Some(target) = field.target {
            let (key, column, text) = (key.to_owned(), column.name.clone(), cell.to_owned());
            cells.links.push(SaidLink { key, column, target, text });
            return Ok(());
        }
        match field.parse(cell).and_then(|value| field.check(&value, None).ok()) {
            Some(Some(value)) => drop(cells.custom.0.insert(key.to_owned(), value)),
            Some(None) => {}
            None if self.options.bad_cells == BadCells::LeaveOut => {}
            None => return Err(Refusal { reason: "value_invalid".into(), column: Some(column.name.clone()) }),
        }
        Ok(())
    }

    fn said(&self, record: &Record) -> Result<Said, Refusal> {
        let mut cells = Cells::default();
        for (column, cell) in self.columns.iter().zip(&record.cells) {
            let cell = cell.trim();
            if cell.is_empty() {
                continue;
            }
            if let Some(field) = column.field {
                cells.take(self, field, column, cell)?;
            } else if let Some(key) = &column.custom {
                self.custom(&mut cells, key, column, cell)?;
            }
        }
        let Cells { id, mut new, stage, custom, links, parts, sources } = cells;
        let (mut draft, mut problems) = Draft::read(new.clone(), self.country.as_deref(), self.now);
        let mut found = problems.into_inner();
        if !found.is_empty() && self.options.bad_cells == BadCells::LeaveOut {
            for problem in found.iter().rev() {
                leave_out(&mut new, &problem.field);
            }
            (draft, problems) = Draft::read(new, self.country.as_deref(), self.now);
            found = problems.into_inner();
        }
        match found.into_iter().next() {
            Some(FieldProblem { field, code, .. }) => {
                // The longest pointer is the most exact one: one address among several columns of them.
                let mut fits = sources.iter().filter(|(pointer, _)| field.starts_with(pointer.as_str()));
                let first = fits.next();
                let column =
                    fits.fold(first, |best, next| best.filter(|(b, _)| b.len() >= next.0.len()).or(Some(next)));
                Err(Refusal { reason: code, column: column.map(|(_, name)| name.clone()) })
            }
            None => Ok(Said { id, draft: Draft { custom, ..draft }, stage, links, parts }),
        }
    }
}

/// The cells of a row, sorted by what they say.
#[derive(Default)]
struct Cells {
    id: Option<ContactId>,
    new: NewContact,
    stage: Option<String>,
    custom: Custom,
    links: Vec<SaidLink>,
    parts: Map<String, Value>,
    /// Where a refused field came from.
    sources: Vec<(String, String)>,
}

impl Cells {
    fn take(&mut self, with: &Reading, field: ImportField, column: &ImportColumn, cell: &str) -> Result<(), Refusal> {
        use ImportField as F;
        let text = Some(cell.to_owned());
        let lenient = with.options.bad_cells == BadCells::LeaveOut;
        let refuse = |reason: &str| match lenient {
            true => Ok(()),
            false => Err(Refusal { reason: reason.to_owned(), column: Some(column.name.clone()) }),
        };
        let new = &mut self.new;
        let pointer = match field {
            F::Id => match cell.parse() {
                Ok(id) => {
                    self.id = Some(id);
                    return Ok(());
                }
                // A wrong id is never left out: the row would make somebody twice.
                Err(_) => return Err(Refusal { reason: "id_unknown".into(), column: Some(column.name.clone()) }),
            },
            F::Stage => match with.stages.get(&cell.to_lowercase()) {
                Some(stage) => {
                    self.stage = Some(stage.clone());
                    return Ok(());
                }
                None => return refuse("stage_unknown"),
            },
            F::Tier => match tier(cell) {
                Some(tier) => {
                    new.tier = Some(tier);
                    return Ok(());
                }
                None => return refuse("tier_unknown"),
            },
            F::Owner => match with.members.get(&cell.to_lowercase()) {
                Some(owner) => {
                    new.owner = Some(*owner);
                    return Ok(());
                }
                None => return refuse("owner_unknown"),
            },
            F::Company | F::CompanyWebsite | F::CompanyRole | F::Birthday | F::Anniversary => {
                return with.part(self, field, column, cell);
            }
            F::OptOut | F::OptOutEmail | F::OptOutPhone | F::OptOutSms | F::OptOutWhatsapp => {
                return with.part(self, field, column, cell);
            }
            F::DisplayName => put(&mut new.display_name, text, "/display_name"),
            F::Salutation => put(&mut new.salutation, text, "/salutation"),
            F::FirstName => put(&mut new.first_name, text, "/first_name"),
            F::MiddleName => put(&mut new.middle_name, text, "/middle_name"),
            F::LastName => put(&mut new.last_name, text, "/last_name"),
            F::CompanyName => put(&mut new.company_name, text, "/company_name"),
            F::JobTitle => put(&mut new.job_title, text, "/job_title"),
            F::Zone => put(&mut new.zone, text, "/zone"),
            F::Language => put(&mut new.language, Some(language(cell)), "/language"),
            F::Source => put(&mut new.source, text, "/source"),
            F::Line1 | F::Line2 | F::City | F::Region | F::PostalCode | F::Country => {
                part_of_address(new.address.get_or_insert_default(), field, cell)
            }
            F::Email | F::EmailWork | F::EmailHome => {
                let kind = match field {
                    F::EmailWork => EmailKind::Work,
                    F::EmailHome => EmailKind::Home,
                    _ => EmailKind::Other,
                };
                for part in decode::split(cell, &with.options.separator) {
                    self.sources.push((format!("/emails/{}/", new.emails.len()), column.name.clone()));
                    new.emails.push(ContactEmail { address: part.to_owned(), kind, primary: false });
                }
                "/emails"
            }
            F::Phone | F::PhoneMobile | F::PhoneWork | F::PhoneHome => {
                let kind = match field {
                    F::PhoneMobile => PhoneKind::Mobile,
                    F::PhoneWork => PhoneKind::Work,
                    F::PhoneHome => PhoneKind::Home,
                    _ => PhoneKind::Other,
                };
                for part in decode::split(cell, &with.options.separator) {
                    self.sources.push((format!("/phones/{}/", new.phones.len()), column.name.clone()));
                    // Our own export puts an apostrophe before what a spreadsheet would run.
                    let number = part.strip_prefix('\'').unwrap_or(part).to_owned();
                    new.phones.push(ContactPhone { number, e164: None, kind, primary: false });
                }
                "/phones"
            }
            F::Profile | F::ProfileLinkedin | F::ProfileFacebook | F::ProfileInstagram | F::ProfileX => {
                let network = match field {
                    F::ProfileLinkedin => Some(SocialNetwork::LinkedIn),
                    F::ProfileFacebook => Some(SocialNetwork::Facebook),
                    F::ProfileInstagram => Some(SocialNetwork::Instagram),
                    F::ProfileX => Some(SocialNetwork::X),
                    _ => None,
                };
                for part in decode::split(cell, &with.options.separator) {
                    self.sources.push((format!("/profiles/{}/", new.profiles.len()), column.name.clone()));
                    new.profiles.push(SocialProfile { url: part.to_owned(), network });
                }
                "/profiles"
            }
            F::Tags => {
                new.tags.extend(decode::split(cell, &with.options.separator).map(str::to_owned));
                "/tags"
            }
        };
        self.sources.push((pointer.to_owned(), column.name.clone()));
        Ok(())
    }
}

fn put(slot: &mut Option<String>, value: Option<String>, pointer: &'static str) -> &'static str {
    *slot = value;
    pointer
}

fn part_of_address(address: &mut Address, field: ImportField, cell: &str) -> &'static str {
    let text = Some(cell.to_owned());
    match field {
        ImportField::Line1 => put(&mut address.line1, text, "/address/line1"),
        ImportField::Line2 => put(&mut address.line2, text, "/address/line2"),
        ImportField::City => put(&mut address.city, text, "/address/city"),
        ImportField::Region => put(&mut address.region, text, "/address/region"),
        ImportField::PostalCode => put(&mut address.postal_code, text, "/address/postal_code"),
        _ => put(&mut address.country, Some(country(cell)), "/address/country"),
    }
}

/// Takes a refused field away; `field` is a JSON pointer.
fn leave_out(new: &mut NewContact, field: &str) {
    let mut parts = field.trim_start_matches('/').split('/');
    let (first, second) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let at: Option<usize> = second.parse().ok();
    let remove = |length: usize| at.filter(|at| *at < length);
    match first {
        "emails" => match remove(new.emails.len()) {
            Some(at) => drop(new.emails.remove(at)),
            None => new.emails.truncate(20),
        },
        "phones" => match remove(new.phones.len()) {
            Some(at) => drop(new.phones.remove(at)),
            None => new.phones.truncate(20),
        },
        "profiles" => match remove(new.profiles.len()) {
            Some(at) => drop(new.profiles.remove(at)),
            None => new.profiles.truncate(20),
        },
        "tags" => match remove(new.tags.len()) {
            Some(at) => drop(new.tags.remove(at)),
            None => new.tags.truncate(50),
        },
        "address" => {
            if let Some(address) = &mut new.address {
                match second {
                    "line1" => address.line1 = None,
                    "line2" => address.line2 = None,
                    "city" => address.city = None,
                    "region" => address.region = None,
                    "postal_code" => address.postal_code = None,
                    _ => address.country = None,
                }
            }
        }
        "display_name" => new.display_name = None,
        "salutation" => new.salutation = None,
        "first_name" => new.first_name = None,
        "middle_name" => new.middle_name = None,
        "last_name" => new.last_name = None,
        "company_name" => new.company_name = None,
        "job_title" => new.job_title = None,
        "zone" => new.zone = None,
        "language" => new.language = None,
        _ => new.source = None,
    }
}

/// A tier by its key in any case.
fn tier(text: &str) -> Option<ContactTier> {
    use ContactTier::{Bronze, Gold, Platinum, Silver};
    [Bronze, Silver, Gold, Platinum].into_iter().find(|tier| tier.as_str().eq_ignore_ascii_case(text.trim()))
}

/// Two letters of a country for its English or own name; what is not known stays as it is.
fn country(text: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("AE", "united arab emirates|uae|الإمارات"),
        ("AR", "argentina"),
        ("AT", "austria|österreich"),
        ("AU", "australia"),
        ("BD", "bangladesh|বাংলাদেশ"),
        ("BE", "belgium|belgien|belgique|belgië"),
        ("BG", "bulgaria"),
        ("BR", "brazil|brasil"),
        ("CA", "canada|kanada"),
        ("CH", "switzerland|schweiz|suisse|svizzera"),
        ("CL", "chile"),
        ("CN", "china"),
        ("CO", "colombia"),
        ("CZ", "czech republic|czechia|tschechien"),
        ("DE", "germany|deutschland|allemagne|alemania|deu|ger"),
        ("DK", "denmark|danmark|dänemark"),
        ("EG", "egypt|ägypten|مصر"),
        ("ES", "spain|españa|spanien|espagne"),
        ("FI", "finland|suomi"),
        ("FR", "france|frankreich|francia|fra"),
        ("GB", "united kingdom|uk|great britain|england|großbritannien|gbr"),
        ("GR", "greece|griechenland"),
        ("HR", "croatia|hrvatska|kroatien"),
        ("HU", "hungary|ungarn"),
        ("ID", "indonesia"),
        ("IE", "ireland|irland"),
        ("IL", "israel"),
        ("IN", "india|indien"),
        ("IT", "italy|italia|italien|italie"),
        ("JO", "jordan|الأردن"),
        ("JP", "japan"),
        ("KE", "kenya"),
        ("KR", "south korea"),
        ("KW", "kuwait|الكويت"),
        ("LB", "lebanon|لبنان"),
        ("LU", "luxembourg|luxemburg"),
        ("MA", "morocco|maroc|المغرب"),
        ("MX", "mexico|méxico"),
        ("MY", "malaysia"),
        ("NG", "nigeria"),
        ("NL", "netherlands|the netherlands|nederland|niederlande|holland"),
        ("NO", "norway|norge|norwegen"),
        ("NZ", "new zealand"),
        ("PH", "philippines"),
        ("PK", "pakistan"),
        ("PL", "poland|polska|polen"),
        ("PT", "portugal"),
        ("QA", "qatar|قطر"),
        ("RO", "romania|rumänien"),
        ("RS", "serbia|serbien"),
        ("SA", "saudi arabia|السعودية"),
        ("SE", "sweden|sverige|schweden"),
        ("SG", "singapore"),
        ("SI", "slovenia"),
        ("SK", "slovakia"),
        ("TH", "thailand"),
        ("TN", "tunisia|تونس"),
        ("TR", "turkey|türkiye|türkei"),
        ("UA", "ukraine"),
        ("US", "united states|united states of america|usa|u.s.a.|us of a"),
        ("VN", "vietnam"),
        ("ZA", "south africa"),
    ];
    let lower = text.to_lowercase();
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()) && lower != "uk" {
        return text.to_uppercase();
    }
    let found = NAMES.iter().find(|(_, names)| names.split('|').any(|name| name == lower));
    found.map_or_else(|| text.to_owned(), |(code, _)| (*code).to_owned())
}

/// The tag of a language for its name; what is not known stays as it is.
fn language(text: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("ar", "arabic|arabisch|العربية"),
        ("de", "german|deutsch|allemand|alemán"),
        ("en", "english|englisch|anglais|inglés"),
        ("es", "spanish|español|spanisch"),
        ("fr", "french|français|französisch"),
        ("it", "italian|italiano|italienisch"),
        ("nl", "dutch|nederlands"),
        ("pl", "polish|polski"),
        ("pt", "portuguese|português"),
        ("tr", "turkish|türkçe"),
        ("bn", "bengali|bangla|বাংলা"),
    ];
    let lower = text.to_lowercase();
    let found = NAMES.iter().find(|(_, names)| names.split('|').any(|name| name == lower));
    found.map_or_else(|| text.replace('_', "-"), |(code, _)| (*code).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(fields: &[ImportField], options: ImportOptions) -> Reading {
        let columns =
            fields.iter().map(|f| ImportColumn { name: format!("{f:?}"), field: Some(*f), custom: None }).collect();
        let stages = [("qualified".to_owned(), "qualified".to_owned())].into();
        Reading {
            columns,
            options,
            country: Some("DE".into()),
            stages,
            fields: Fields::default(),
            parts: HashMap::new(),
            cells: CellReading::default(),
            members: HashMap::new(),
            now: DateTime::UNIX_EPOCH,
        }
    }

    fn said(with: &Reading, cells: &[&str]) -> Result<Said, Refusal> {
        with.row(Record { line: 2, cells: cells.iter().map(|c| (*c).to_owned()).collect() }).said
    }

    #[test]
    fn cells_become_a_contact() {
        use ImportField as F;
        let with = reading(
            &[F::FirstName, F::Email, F::PhoneMobile, F::Country, F::Language, F::Tags, F::Stage],
            ImportOptions::default(),
        );
        let row =
            said(&with, &[" Ann ", "a@x.org; b@x.org", "030 901820", "Germany", "Deutsch", "vip;;news ", "Qualified"])
                .unwrap();
        assert_eq!(row.draft.first_name.as_deref(), Some("Ann"));
        assert_eq!(row.draft.emails.len(), 2);
        assert_eq!(row.draft.phones[0].0.e164.as_deref(), Some("+4930901820"));
        assert_eq!(row.draft.phones[0].1, PhoneKind::Mobile);
        assert_eq!(row.draft.address.as_ref().unwrap().country.as_deref(), Some("DE"));
        assert_eq!((row.draft.language.as_deref(), row.stage.as_deref()), (Some("de"), Some("qualified")));
        assert_eq!(row.draft.tags, ["vip", "news"]);
        let keys = row.keys(&[ImportKey::Phone, ImportKey::Email], &UniqueValues::new());
        assert_eq!(keys[0], (ImportKey::Phone, "+4930901820".into()));
        assert_eq!(keys.len(), 3);
    }

    #[test]
    fn what_cannot_be_used_names_its_column_or_is_left_out() {
        use ImportField as F;
        let fields = [F::FirstName, F::EmailWork, F::Email, F::Zone, F::Stage];
        let strict = reading(&fields, ImportOptions::default());
        let bad = ["Ann", "a@x.org", "nonsense; c@x.org", "Moon", "unheard of"];
        let refused = |cells: &[&str]| said(&strict, cells).unwrap_err();
        assert_eq!(refused(&bad), Refusal { reason: "stage_unknown".into(), column: Some("Stage".into()) });
        assert_eq!(refused(&bad[..4]), Refusal { reason: "email_invalid".into(), column: Some("Email".into()) });
        assert_eq!(
            refused(&["Ann", "", "", "Moon"]),
            Refusal { reason: "zone_unknown".into(), column: Some("Zone".into()) }
        );
        assert_eq!(refused(&["Ann", "", "", "", "", "more"]).reason, "too_many_cells");
        let lenient = reading(&fields, ImportOptions { bad_cells: BadCells::LeaveOut, ..ImportOptions::default() });
        let row = said(&lenient, &bad).unwrap();
        let emails: Vec<&str> = row.draft.emails.iter().map(|(e, _)| e.canonical.as_str()).collect();
        assert_eq!(emails, ["a@x.org", "c@x.org"]);
        assert_eq!((row.draft.zone, row.stage), (None, None));
    }
}
