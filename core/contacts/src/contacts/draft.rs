//! The rules of a contact: what is accepted, how a name is made, what a second submission may add.
use super::model::{
    Address, Contact, ContactEmail, ContactPatch, ContactPhone, ContactTier, EmailKind, Match, NewContact, PhoneKind,
    Touch,
};
use crate::{
    addresses::{EmailAddress, PhoneNumber},
    problems::Problems,
    profiles::{MAX_PROFILES, SocialProfile},
};
use chrono::{DateTime, Utc};
use fields::{Custom, Fields, Own};
use kernel::{Result, ids::UserId};
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most e-mail addresses, and most phone numbers, of one contact.
pub const MAX_ADDRESSES: usize = 20;
/// Most tags of one contact.
pub const MAX_TAGS: usize = 50;

/// A contact as it will be stored: every write builds one, validates it and compares it with what was there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    pub display_name: String,
    pub salutation: Option<String>,
    pub first_name: Option<String>,
    pub middle_name: Option<String>,
    pub last_name: Option<String>,
    pub company_name: Option<String>,
    pub job_title: Option<String>,
    pub emails: Vec<(EmailAddress, EmailKind)>,
    pub phones: Vec<(PhoneNumber, PhoneKind)>,
    /// Addresses of pages in social networks.
    pub profiles: Vec<String>,
    pub address: Option<Address>,
    pub zone: Option<String>,
    pub language: Option<String>,
    /// Key of the stage; empty in what shall have the one for new contacts.
    pub stage: String,
    pub tier: Option<ContactTier>,
    pub owner: Option<UserId>,
    pub tags: Vec<String>,
    pub source: Option<String>,
    pub first_touch: Option<Touch>,
    pub last_touch: Option<Touch>,
    /// Values of the tenant's own fields, settled by the verb that writes.
    pub custom: Custom,
}

impl Problems {
    /// As many as one may have, or as many as he `has`: a merge may have left more, and those can become fewer one by one.
    fn emails(&mut self, given: Vec<ContactEmail>, has: usize) -> Vec<(EmailAddress, EmailKind)> {
        self.count("/emails", given.len(), MAX_ADDRESSES.max(has));
        let primary = given.iter().position(|e| e.primary).unwrap_or(0);
        let mut emails: Vec<(EmailAddress, EmailKind)> = vec![];
        for (i, email) in given.into_iter().enumerate() {
            match EmailAddress::parse(&email.address) {
                None => self.add(format!("/emails/{i}/address"), "email_invalid", "This is no e-mail address."),
                Some(parsed) if emails.iter().any(|(e, _)| e.canonical == parsed.canonical) => {}
                Some(parsed) => emails.insert(if i == primary { 0 } else { emails.len() }, (parsed, email.kind)),
            }
        }
        emails
    }

    fn phones(&mut self, given: Vec<ContactPhone>, country: Option<&str>, has: usize) -> Vec<(PhoneNumber, PhoneKind)> {
        self.count("/phones", given.len(), MAX_ADDRESSES.max(has));
        let primary = given.iter().position(|p| p.primary).unwrap_or(0);
        let mut phones: Vec<(PhoneNumber, PhoneKind)> = vec![];
        for (i, phone) in given.into_iter().enumerate() {
            match PhoneNumber::parse(&phone.number, country) {
                None => self.add(
                    format!("/phones/{i}/number"),
                    "phone_invalid",
                    "A phone number has a digit and at most 40 characters.",
                ),
                Some(parsed) if phones.iter().any(|(p, _)| p.canonical() == parsed.canonical()) => {}
                Some(parsed) => phones.insert(if i == primary { 0 } else { phones.len() }, (parsed, phone.kind)),
            }
        }
        phones
    }

    fn profiles(&mut self, given: Vec<SocialProfile>, has: usize) -> Vec<String> {
        self.count("/profiles", given.len(), MAX_PROFILES.max(has));
        let mut kept: Vec<SocialProfile> = vec![];
        for (i, profile) in given.into_iter().enumerate() {
            match SocialProfile::parse(&profile.url, profile.network) {
                None => self.add(
                    format!("/profiles/{i}/url"),
                    "url_invalid",
                    "The https address of a page, for example https://www.linkedin.com/in/ada.",
                ),
                Some(page) if kept.iter().any(|known| known.same_as(&page)) => {}
                Some(page) => kept.push(page),
            }
        }
        kept.into_iter().map(|page| page.url).collect()
    }

    fn tags(&mut self, given: Vec<String>, has: usize) -> Vec<String> {
        self.count("/tags", given.len(), MAX_TAGS.max(has));
        let mut tags = vec![];
        for (i, tag) in given.into_iter().enumerate() {
            match self.text(&format!("/tags/{i}"), Some(tag), crate::tags::MAX_NAME) {
                None => self.add(format!("/tags/{i}"), "required", "A tag needs a name."),
                Some(tag) => tags.push(tag),
            }
        }
        tags
    }

    fn zone(&mut self, given: Option<String>) -> Option<String> {
        let zone = self.text("/zone", given, 60)?;
        if zone.parse::<chrono_tz::Tz>().is_err() {
            self.add("/zone", "zone_unknown", "An IANA time zone, for example Europe/Berlin.");
        }
        Some(zone)
    }

    fn language(&mut self, given: Option<String>) -> Option<String> {
        let language = self.text("/language", given, 35)?;
        let mut parts = language.split('-');
        let first_fine =
            parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
        if !first_fine || !parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric())) {
            self.add("/language", "language_invalid", "A language tag, for example de or pt-BR.");
        }
        Some(language)
    }
}

impl Touch {
    /// Cut to what is worth keeping: what a browser sends is the visitor's to choose.
    fn bounded(mut self, now: DateTime<Utc>) -> Self {
        let cut = |text: String| text.chars().filter(|c| !c.is_control()).take(500).collect::<String>();
        let cut_map = |map: BTreeMap<String, String>| -> BTreeMap<String, String> {
            map.into_iter().take(20).map(|(k, v)| (cut(k).chars().take(60).collect(), cut(v))).collect()
        };
        self.at = Some(self.at.unwrap_or(now));
        self.page = self.page.map(cut);
        self.referrer = self.referrer.map(cut);
        self.utm = cut_map(self.utm);
        self.click_ids = cut_map(self.click_ids);
        self
    }
}

impl Draft {
    /// A new contact's. `country` is the tenant's.
    pub fn new(new: NewContact, country: Option<&str>, now: DateTime<Utc>) -> Result<Self> {
        let (mut draft, mut problems) = Self::read(new, country, now);
        if draft.display_name.is_empty() {
            draft.display_name = draft.derived_name();
        }
        draft.require_name(&mut problems);
        problems.check()?;
        Ok(draft)
    }

    /// What was given, and what is wrong with it; it may have no name yet.
    pub fn read(new: NewContact, country: Option<&str>, now: DateTime<Utc>) -> (Self, Problems) {
        let mut problems = Problems::default();
        let touch = new.touch.map(|t| t.bounded(now));
        let draft = Draft {
            display_name: problems.text("/display_name", new.display_name, 200).unwrap_or_default(),
            salutation: problems.text("/salutation", new.salutation, 50),
            first_name: problems.text("/first_name", new.first_name, 100),
            middle_name: problems.text("/middle_name", new.middle_name, 100),
            last_name: problems.text("/last_name", new.last_name, 100),
            company_name: problems.text("/company_name", new.company_name, 200),
            job_title: problems.text("/job_title", new.job_title, 200),
            emails: problems.emails(new.emails, 0),
            phones: problems.phones(new.phones, country, 0),
            profiles: problems.profiles(new.profiles, 0),
            address: problems.address(new.address),
            zone: problems.zone(new.zone),
            language: problems.language(new.language),
            stage: problems.text("/stage", new.stage, 60).unwrap_or_default(),
            tier: new.tier,
            owner: new.owner,
            tags: problems.tags(new.tags, 0),
            source: problems.text("/source", new.source, 60),
            first_touch: touch.clone(),
            last_touch: touch,
            custom: Custom::default(),
        };
        (draft, problems)
    }

    /// What a person said of himself. Never refused: what cannot be used is left out, what is too long is cut.
    pub fn said(person: Match, country: Option<&str>, now: DateTime<Utc>) -> Result<Self> {
        let cut = |text: Option<String>, max: usize| text.map(|t| t.trim().chars().take(max).collect::<String>());
        let email = |address: String| ContactEmail { address, kind: EmailKind::Other, primary: false };
        let phone = |number: String| ContactPhone { number, e164: None, kind: PhoneKind::Other, primary: false };
        let named = [&person.name, &person.first_name, &person.last_name, &person.company_name];
        let named = named.into_iter().flatten().any(|t| !t.trim().is_empty());
        let emails: Vec<_> = person.emails.into_iter().filter(|e| EmailAddress::parse(e).is_some()).collect();
        let phones: Vec<_> = person.phones.into_iter().filter(|p| PhoneNumber::parse(p, country).is_some()).collect();
        let nameless = !named && emails.is_empty() && phones.is_empty();
        let new = NewContact {
            display_name: if nameless { Some("Unnamed".to_owned()) } else { cut(person.name, 200) },
            first_name: cut(person.first_name, 100),
            last_name: cut(person.last_name, 100),
            company_name: cut(person.company_name, 200),
            emails: emails.into_iter().take(MAX_ADDRESSES).map(email).collect(),
            phones: phones.into_iter().take(MAX_ADDRESSES).map(phone).collect(),
            stage: person.stage,
            owner: person.owner,
            tags: person.tags.into_iter().filter(|t| crate::tags::is_name(t)).take(MAX_TAGS).collect(),
            source: cut(person.source, 60),
            touch: person.touch,
            ..NewContact::default()
        };
        let mut draft = Draft::new(new, country, now)?;
        draft.language = Problems::default().language(person.language).filter(|language| language.len() <= 35);
        Ok(draft)
    }

    /// The contact as it is stored.
    pub fn of(contact: &Contact) -> Self {
        let email = |e: &ContactEmail| EmailAddress::parse(&e.address).map(|parsed| (parsed, e.kind));
        Draft {
            display_name: contact.display_name.clone(),
            salutation: contact.salutation.clone(),
            first_name: contact.first_name.clone(),
            middle_name: contact.middle_name.clone(),
            last_name: contact.last_name.clone(),
            company_name: contact.company_name.clone(),
            job_title: contact.job_title.clone(),
            emails: contact.emails.iter().filter_map(email).collect(),
            phones: contact
                .phones
                .iter()
                .map(|p| (PhoneNumber { number: p.number.clone(), e164: p.e164.clone() }, p.kind))
                .collect(),
            profiles: contact.profiles.iter().map(|page| page.url.clone()).collect(),
            address: contact.address.clone(),
            zone: contact.zone.clone(),
            language: contact.language.clone(),
            stage: contact.stage.clone(),
            tier: contact.tier,
            owner: contact.owner,
            tags: contact.tags.clone(),
            source: contact.source.clone(),
            first_touch: contact.first_touch.clone(),
            last_touch: contact.last_touch.clone(),
            custom: contact.custom.clone(),
        }
    }

    /// What formulas read of it.
    pub fn own(&self) -> Own {
        let address = self.address.clone().unwrap_or_default();
        let said = [
            ("display_name", Some(self.display_name.clone())),
            ("salutation", self.salutation.clone()),
            ("first_name", self.first_name.clone()),
            ("middle_name", self.middle_name.clone()),
            ("last_name", self.last_name.clone()),
            ("company_name", self.company_name.clone()),
            ("job_title", self.job_title.clone()),
            ("email", self.emails.first().map(|(email, _)| email.canonical.clone())),
            ("phone", self.phones.first().map(|(phone, _)| phone.canonical())),
            ("city", address.city),
            ("country", address.country),
            ("language", self.language.clone()),
            ("zone", self.zone.clone()),
            ("stage", Some(self.stage.clone())),
            ("tier", self.tier.map(|tier| tier.as_str().to_owned())),
            ("source", self.source.clone()),
        ];
        said.into_iter().filter_map(|(name, text)| Some((name, text?.into()))).collect()
    }

    /// This with a change applied.
    pub fn patched(&self, patch: ContactPatch, country: Option<&str>) -> Result<Self> {
        let mut problems = Problems::default();
        let mut draft = self.clone();
        let named = self.display_name != self.derived_name();
        let mut text = |field: &'static str, slot: &mut Option<String>, value: MaybeUndefined<String>, max| match value
        {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => *slot = None,
            MaybeUndefined::Value(value) => *slot = problems.text(field, Some(value), max),
        };
        text("/salutation", &mut draft.salutation, patch.salutation, 50);
        text("/first_name", &mut draft.first_name, patch.first_name, 100);
        text("/middle_name", &mut draft.middle_name, patch.middle_name, 100);
        text("/last_name", &mut draft.last_name, patch.last_name, 100);
        text("/company_name", &mut draft.company_name, patch.company_name, 200);
        text("/job_title", &mut draft.job_title, patch.job_title, 200);
        text("/source", &mut draft.source, patch.source, 60);
        let mut display_name = named.then(|| self.display_name.clone());
        text("/display_name", &mut display_name, patch.display_name, 200);
        let mut stage = Some(draft.stage);
        text("/stage", &mut stage, patch.stage, 60);
        draft.stage = stage.unwrap_or_default();
        patch.tier.update_to(&mut draft.tier);
        if !patch.zone.is_undefined() {
            draft.zone = problems.zone(patch.zone.take());
        }
        if !patch.language.is_undefined() {
            draft.language = problems.language(patch.language.take());
        }
        if !patch.address.is_undefined() {
            draft.address = problems.address(patch.address.take());
        }
        if !patch.emails.is_undefined() {
            draft.emails = problems.emails(patch.emails.take().unwrap_or_default(), self.emails.len());
        }
        if !patch.phones.is_undefined() {
            draft.phones = problems.phones(patch.phones.take().unwrap_or_default(), country, self.phones.len());
        }
        if !patch.profiles.is_undefined() {
            draft.profiles = problems.profiles(patch.profiles.take().unwrap_or_default(), self.profiles.len());
        }
        if !patch.tags.is_undefined() {
            draft.tags = problems.tags(patch.tags.take().unwrap_or_default(), self.tags.len());
        }
        if !patch.owner.is_undefined() {
            draft.owner = patch.owner.take();
        }
        draft.display_name = display_name.unwrap_or_else(|| draft.derived_name());
        draft.require_name(&mut problems);
        problems.check()?;
        Ok(draft)
    }

    /// Adds what a person said himself: empty fields are filled, nothing that somebody wrote is replaced, new addresses
    /// come after the known ones.
    pub fn enriched(&self, said: &Draft) -> Self {
        let mut draft = self.clone();
        let named = self.display_name != self.derived_name();
        let fill = |slot: &mut Option<String>, value: &Option<String>| {
            if slot.is_none() {
                slot.clone_from(value);
            }
        };
        fill(&mut draft.salutation, &said.salutation);
        fill(&mut draft.first_name, &said.first_name);
        fill(&mut draft.middle_name, &said.middle_name);
        fill(&mut draft.last_name, &said.last_name);
        fill(&mut draft.company_name, &said.company_name);
        fill(&mut draft.job_title, &said.job_title);
        fill(&mut draft.zone, &said.zone);
        fill(&mut draft.language, &said.language);
        fill(&mut draft.source, &said.source);
        draft.address = draft.address.or_else(|| said.address.clone());
        draft.tier = draft.tier.or(said.tier);
        draft.owner = draft.owner.or(said.owner);
        draft.first_touch = draft.first_touch.or_else(|| said.first_touch.clone());
        draft.last_touch = said.last_touch.clone().or(draft.last_touch);
        for (key, value) in &said.custom.0 {
            draft.custom.0.entry(key.clone()).or_insert_with(|| value.clone());
        }
        for (email, kind) in &said.emails {
            if draft.emails.len() < MAX_ADDRESSES && draft.emails.iter().all(|(e, _)| e.canonical != email.canonical) {
                draft.emails.push((email.clone(), *kind));
            }
        }
        for (phone, kind) in &said.phones {
            if draft.phones.len() < MAX_ADDRESSES
                && draft.phones.iter().all(|(p, _)| p.canonical() != phone.canonical())
            {
                draft.phones.push((phone.clone(), *kind));
            }
        }
        for page in &said.profiles {
            if draft.profiles.len() < MAX_PROFILES
                && draft.profiles.iter().all(|known| known.to_lowercase() != page.to_lowercase())
            {
                draft.profiles.push(page.clone());
            }
        }
        for tag in &said.tags {
            if draft.tags.len() < MAX_TAGS && !draft.tags.contains(tag) {
                draft.tags.push(tag.clone());
            }
        }
        draft.tags.sort();
        if !named {
            // A name the person gave beats one made of an address.
            let said_name = (said.display_name != said.derived_name()).then(|| said.display_name.clone());
            let has_name = draft.first_name.is_some() || draft.last_name.is_some();
            draft.display_name = said_name.filter(|_| !has_name).unwrap_or_else(|| draft.derived_name());
        }
        draft
    }

    /// Takes over what a list says of the contact: what it says nothing of stays, addresses and tags are added.
    pub fn replaced_by(&self, said: &Draft) -> Self {
        let mut draft = self.enriched(&Draft { display_name: said.derived_name(), ..said.clone() });
        let named = self.display_name != self.derived_name();
        let put = |slot: &mut Option<String>, value: &Option<String>| {
            if value.is_some() {
                slot.clone_from(value);
            }
        };
        put(&mut draft.salutation, &said.salutation);
        put(&mut draft.first_name, &said.first_name);
        put(&mut draft.middle_name, &said.middle_name);
        put(&mut draft.last_name, &said.last_name);
        put(&mut draft.company_name, &said.company_name);
        put(&mut draft.job_title, &said.job_title);
        put(&mut draft.zone, &said.zone);
        put(&mut draft.language, &said.language);
        put(&mut draft.source, &said.source);
        draft.tier = said.tier.or(draft.tier);
        draft.owner = said.owner.or(draft.owner);
        draft.custom.0.extend(said.custom.0.clone());
        if let (Some(known), Some(said)) = (&mut draft.address, &said.address) {
            put(&mut known.line1, &said.line1);
            put(&mut known.line2, &said.line2);
            put(&mut known.city, &said.city);
            put(&mut known.region, &said.region);
            put(&mut known.postal_code, &said.postal_code);
            put(&mut known.country, &said.country);
        }
        if !said.display_name.is_empty() {
            draft.display_name.clone_from(&said.display_name);
        } else if !named {
            draft.display_name = draft.derived_name();
        }
        draft
    }

    pub(crate) fn derived_name(&self) -> String {
        let parts = [&self.first_name, &self.middle_name, &self.last_name];
        let name = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        let other = || {
            self.company_name
                .clone()
                .or_else(|| self.emails.first().map(|(e, _)| e.address.clone()))
                .or_else(|| self.phones.first().map(|(p, _)| p.number.clone()))
        };
        if name.is_empty() { other().unwrap_or_default() } else { name }
    }

    fn require_name(&self, problems: &mut Problems) {
        if self.display_name.is_empty() {
            problems.add("/display_name", "required", "A contact needs a name, company, e-mail or phone.");
        }
    }

    /// What the contact is found by, each word after a space, so that a pattern can ask for the beginning of a word; the
    /// database makes it comparable.
    pub fn search_text(&self) -> String {
        let names = [&self.first_name, &self.last_name, &self.company_name].into_iter().flatten();
        let mut words = vec![self.display_name.clone()];
        words.extend(names.filter(|name| !self.display_name.contains(name.as_str())).cloned());
        words.extend(self.emails.iter().map(|(e, _)| e.canonical.clone()));
        words.extend(self.phones.iter().map(|(p, _)| p.canonical()));
        words.iter().flat_map(|word| [" ", word]).collect()
    }

    /// What concurrent writers of the same person must agree on: canonical e-mail addresses and valid phone numbers.
    pub fn match_keys(&self) -> (Vec<String>, Vec<String>) {
        let emails = self.emails.iter().map(|(e, _)| e.canonical.clone()).collect();
        let phones = self.phones.iter().filter_map(|(p, _)| p.e164.clone()).collect();
        (emails, phones)
    }

    /// Names of the fields in which two drafts differ, as in the API. Stage, owner and tags are facts of their own.
    pub fn changed_fields(&self, other: &Draft) -> Vec<String> {
        let fields = [
            ("display_name", self.display_name != other.display_name),
            ("salutation", self.salutation != other.salutation),
            ("first_name", self.first_name != other.first_name),
            ("middle_name", self.middle_name != other.middle_name),
            ("last_name", self.last_name != other.last_name),
            ("company_name", self.company_name != other.company_name),
            ("job_title", self.job_title != other.job_title),
            ("emails", self.emails != other.emails),
            ("phones", self.phones != other.phones),
            ("profiles", self.profiles != other.profiles),
            ("address", self.address != other.address),
            ("zone", self.zone != other.zone),
            ("language", self.language != other.language),
            ("tier", self.tier != other.tier),
            ("source", self.source != other.source),
            ("first_touch", self.first_touch != other.first_touch),
            ("last_touch", self.last_touch != other.last_touch),
        ];
        let own = fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned());
        own.chain(Fields::differing(&self.custom, &other.custom).into_iter().map(|key| format!("custom.{key}")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(new: NewContact) -> Draft {
        Draft::new(new, Some("DE"), DateTime::UNIX_EPOCH).unwrap()
    }
    fn email(address: &str, primary: bool) -> ContactEmail {
        ContactEmail { address: address.into(), kind: EmailKind::Other, primary }
    }
    fn phone(number: &str) -> ContactPhone {
        ContactPhone { number: number.into(), e164: None, kind: PhoneKind::Other, primary: false }
    }

    #[test]
    fn a_name_is_made_and_made_again_until_somebody_gives_one() {
        let made = draft(NewContact { emails: vec![email("Ann@Example.org", false)], ..Default::default() });
        assert_eq!(made.display_name, "Ann@Example.org");
        let first = |name: &str| ContactPatch { first_name: MaybeUndefined::Value(name.into()), ..Default::default() };
        let named = made.patched(first("Ann"), None).unwrap();
        assert_eq!(named.display_name, "Ann");
        let given = ContactPatch { display_name: MaybeUndefined::Value("Boss".into()), ..Default::default() };
        let given = named.patched(given, None).unwrap().patched(first("Anna"), None).unwrap();
        assert_eq!(given.display_name, "Boss");
        let again = ContactPatch { display_name: MaybeUndefined::Null, ..Default::default() };
        assert_eq!(given.patched(again, None).unwrap().display_name, "Anna");
    }

    #[test]
    fn the_primary_address_comes_first_and_none_comes_twice() {
        let made = draft(NewContact {
            emails: vec![email("a@x.org", false), email("b@x.org", true), email("A@X.ORG", false)],
            ..Default::default()
        });
        let canonical: Vec<_> = made.emails.iter().map(|(e, _)| e.canonical.as_str()).collect();
        assert_eq!(canonical, ["b@x.org", "a@x.org"]);
    }

    #[test]
    fn everything_wrong_is_told_at_once_with_pointers() {
        let wrong = NewContact {
            emails: vec![email("a@x.org", false), email("nonsense", false)],
            phones: vec![phone("none")],
            zone: Some("Mars/Base".into()),
            first_name: Some("x".repeat(101)),
            ..Default::default()
        };
        let error = Draft::new(wrong, None, DateTime::UNIX_EPOCH).unwrap_err();
        let kernel::error::Kind::Invalid(fields) = error.kind() else { panic!("{error}") };
        let mut fields: Vec<_> = fields.iter().map(|f| f.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["/emails/1/address", "/first_name", "/phones/0/number", "/zone"]);
        assert!(Draft::new(NewContact::default(), None, DateTime::UNIX_EPOCH).is_err());
    }

    #[test]
    fn who_has_more_than_one_may_have_gets_fewer_one_by_one() {
        let known = Draft {
            tags: (0..60).map(|n| format!("t{n}")).collect(),
            ..draft(NewContact { first_name: Some("Ann".into()), ..Default::default() })
        };
        let with = |count: usize| ContactPatch {
            tags: MaybeUndefined::Value((0..count).map(|n| format!("t{n}")).collect()),
            ..Default::default()
        };
        assert_eq!(known.patched(with(59), None).unwrap().tags.len(), 59);
        assert!(known.patched(with(61), None).is_err());
        assert!(known.patched(with(50), None).unwrap().patched(with(51), None).is_err());
    }

    #[test]
    fn what_a_person_says_later_fills_gaps_and_replaces_nothing() {
        let known = draft(NewContact {
            first_name: Some("Ann".into()),
            emails: vec![email("a@x.org", true)],
            tags: vec!["vip".into()],
            ..Default::default()
        });
        let said = draft(NewContact {
            first_name: Some("Mallory".into()),
            last_name: Some("Lee".into()),
            emails: vec![email("new@x.org", true)],
            phones: vec![phone("030 901820")],
            tags: vec!["form".into()],
            ..Default::default()
        });
        let both = known.enriched(&said);
        assert_eq!(both.display_name, "Ann Lee");
        assert_eq!(both.emails[0].0.canonical, "a@x.org");
        assert_eq!(both.phones[0].0.e164.as_deref(), Some("+4930901820"));
        assert_eq!(both.tags, ["form", "vip"]);
        assert_eq!(known.changed_fields(&both), ["display_name", "last_name", "emails", "phones"]);
        assert_eq!(both, both.enriched(&said), "the same submission twice changes nothing");
    }
}
