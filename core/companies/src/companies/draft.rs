//! The rules of a company: what is accepted, and what is made of it.
use super::model::{Company, CompanyId, CompanyPatch, CompanySize, NewCompany, Status, Tier};
use chrono::NaiveDate;
use contacts::{Address, EmailAddress, PhoneNumber, Problems};
use fields::{Custom, Fields, Own};
use kernel::{Result, ids::UserId};
use poem_openapi::types::MaybeUndefined;
use serde::{Deserialize, Serialize};
use tenants::tenants::{is_currency, minor_digits};
use url::Url;

/// Most pages in social networks.
pub const MAX_PROFILES: usize = 10;
/// Largest amount, in minor units: what a browser's numbers still tell apart.
pub const MAX_AMOUNT: i64 = 9_007_199_254_740_991;

/// A company as it will be stored: every write builds one, validates it and compares it with what was there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub name: String,
    pub legal_name: Option<String>,
    pub industry: Option<String>,
    pub size: Option<CompanySize>,
    pub website: Option<String>,
    pub profiles: Vec<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Option<Address>,
    pub tax_id: Option<String>,
    pub description: Option<String>,
    pub status: Status,
    pub tier: Option<Tier>,
    pub parent: Option<CompanyId>,
    pub owner: Option<UserId>,
    pub annual_value: Option<i64>,
    pub monthly_revenue: Option<i64>,
    pub currency: Option<String>,
    pub client_since: Option<NaiveDate>,
    pub renews_on: Option<NaiveDate>,
    pub cancel_by: Option<NaiveDate>,
    /// Values of the tenant's own fields, settled by the verb that writes.
    pub custom: Custom,
}

/// An address of a page that can be opened; `https://` when it does not say.
fn page(problems: &mut Problems, field: &str, given: Option<String>) -> Option<String> {
    let text = problems.text(field, given, 300)?;
    let whole = if text.contains("://") { text } else { format!("https://{text}") };
    let good = Url::parse(&whole).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| host.contains('.'))
            && url.username().is_empty()
            && url.password().is_none()
    });
    if good.is_none() {
        problems.add(field, "url_invalid", "The address of a page, for example https://example.com.");
    }
    // What was typed stays, but for an empty path that only the parser adds.
    good.map(|url| if url.path() == "/" && !whole.ends_with('/') { whole } else { url.to_string() })
}

fn pages(problems: &mut Problems, given: Vec<String>) -> Vec<String> {
    problems.count("/profiles", given.len(), MAX_PROFILES);
    let mut kept = vec![];
    for (i, text) in given.into_iter().enumerate() {
        if let Some(page) = page(problems, &format!("/profiles/{i}"), Some(text))
            && !kept.contains(&page)
        {
            kept.push(page);
        }
    }
    kept
}

fn email(problems: &mut Problems, given: Option<String>) -> Option<String> {
    let text = problems.text("/email", given, 320)?;
    let parsed = EmailAddress::parse(&text);
    if parsed.is_none() {
        problems.add("/email", "email_invalid", "This is no e-mail address.");
    }
    parsed.map(|email| email.address)
}

fn phone(problems: &mut Problems, given: Option<String>, country: Option<&str>) -> Option<String> {
    let text = problems.text("/phone", given, 40)?;
    let parsed = PhoneNumber::parse(&text, country);
    if parsed.is_none() {
        problems.add("/phone", "phone_invalid", "A phone number has a digit and at most 40 characters.");
    }
    parsed.map(|phone| phone.e164.unwrap_or(phone.number))
}

impl Draft {
    /// A new company's. `country` is the tenant's.
    pub fn new(new: NewCompany, country: Option<&str>) -> Result<Self> {
        let mut problems = Problems::default();
        let draft = Draft {
            name: problems.text("/name", Some(new.name), 200).unwrap_or_default(),
            legal_name: problems.text("/legal_name", new.legal_name, 200),
            industry: problems.text("/industry", new.industry, 100),
            size: new.size,
            website: page(&mut problems, "/website", new.website),
            profiles: pages(&mut problems, new.profiles),
            email: email(&mut problems, new.email),
            phone: phone(&mut problems, new.phone, country),
            address: problems.address(new.address),
            tax_id: problems.text("/tax_id", new.tax_id, 40),
            description: problems.lines("/description", new.description, 5000),
            status: new.status.unwrap_or(Status::Prospect),
            tier: new.tier,
            parent: new.parent,
            owner: new.owner,
            annual_value: new.annual_value,
            monthly_revenue: new.monthly_revenue,
            currency: problems.text("/currency", new.currency, 3),
            client_since: new.client_since,
            renews_on: new.renews_on,
            cancel_by: new.cancel_by,
            custom: Custom::default(),
        };
        draft.check(problems)
    }

    /// The company as it is stored.
    pub fn of(company: &Company) -> Self {
        let c = company.clone();
        Draft {
            name: c.name,
            legal_name: c.legal_name,
            industry: c.industry,
            size: c.size,
            website: c.website,
            profiles: c.profiles,
            email: c.email,
            phone: c.phone,
            address: c.address,
            tax_id: c.tax_id,
            description: c.description,
            status: c.status,
            tier: c.tier,
            parent: c.parent,
            owner: c.owner,
            annual_value: c.annual_value,
            monthly_revenue: c.monthly_revenue,
            currency: c.currency,
            client_since: c.client_since,
            renews_on: c.renews_on,
            cancel_by: c.cancel_by,
            custom: c.custom,
        }
    }

    /// This with a change applied.
    pub fn patched(&self, patch: CompanyPatch, country: Option<&str>) -> Result<Self> {
        let mut problems = Problems::default();
        let mut draft = self.clone();
        if let Some(name) = patch.name {
            draft.name = problems.text("/name", Some(name), 200).unwrap_or_default();
        }
        let mut text = |field: &'static str, slot: &mut Option<String>, value: MaybeUndefined<String>, max| {
            if !value.is_undefined() {
                *slot = problems.text(field, value.take(), max);
            }
        };
        text("/legal_name", &mut draft.legal_name, patch.legal_name, 200);
        text("/industry", &mut draft.industry, patch.industry, 100);
        text("/tax_id", &mut draft.tax_id, patch.tax_id, 40);
        text("/currency", &mut draft.currency, patch.currency, 3);
        if !patch.description.is_undefined() {
            draft.description = problems.lines("/description", patch.description.take(), 5000);
        }
        if !patch.website.is_undefined() {
            draft.website = page(&mut problems, "/website", patch.website.take());
        }
        if !patch.profiles.is_undefined() {
            draft.profiles = pages(&mut problems, patch.profiles.take().unwrap_or_default());
        }
        if !patch.email.is_undefined() {
            draft.email = email(&mut problems, patch.email.take());
        }
        if !patch.phone.is_undefined() {
            draft.phone = phone(&mut problems, patch.phone.take(), country);
        }
        if !patch.address.is_undefined() {
            draft.address = problems.address(patch.address.take());
        }
        draft.status = patch.status.unwrap_or(draft.status);
        patch.size.update_to(&mut draft.size);
        patch.tier.update_to(&mut draft.tier);
        patch.parent.update_to(&mut draft.parent);
        patch.owner.update_to(&mut draft.owner);
        patch.annual_value.update_to(&mut draft.annual_value);
        patch.monthly_revenue.update_to(&mut draft.monthly_revenue);
        patch.client_since.update_to(&mut draft.client_since);
        patch.renews_on.update_to(&mut draft.renews_on);
        patch.cancel_by.update_to(&mut draft.cancel_by);
        draft.check(problems)
    }

    /// What no single field says.
    fn check(self, mut problems: Problems) -> Result<Self> {
        if self.name.is_empty() {
            problems.add("/name", "required", "A company needs a name.");
        }
        for (field, amount) in [("/annual_value", self.annual_value), ("/monthly_revenue", self.monthly_revenue)] {
            if amount.is_some_and(|amount| !(0..=MAX_AMOUNT).contains(&amount)) {
                problems.add(field, "range", format!("0 to {MAX_AMOUNT}, in minor units."));
            }
        }
        match &self.currency {
            Some(code) if !is_currency(code) => {
                problems.add("/currency", "currency_unknown", "A code of ISO 4217, for example EUR.");
            }
            None if self.annual_value.is_some() || self.monthly_revenue.is_some() => {
                problems.add("/currency", "required", "An amount needs a currency.");
            }
            _ => {}
        }
        for (field, day) in
            [("/client_since", self.client_since), ("/renews_on", self.renews_on), ("/cancel_by", self.cancel_by)]
        {
            if day.is_some_and(|day| !(earliest()..=latest()).contains(&day)) {
                problems.add(field, "range", "From 1900 to 2199.");
            }
        }
        match (self.cancel_by, self.renews_on) {
            (Some(_), None) => problems.add("/renews_on", "required", "Say when the contract renews."),
            (Some(last), Some(renews)) if last > renews => {
                problems.add("/cancel_by", "late", "Not after the contract renews.");
            }
            _ => {}
        }
        problems.check()?;
        Ok(self)
    }

    /// The host of the website without `www.`, in the form that hosts are compared in.
    pub fn domain(&self) -> Option<String> {
        let url = Url::parse(self.website.as_deref()?).ok()?;
        let host = url.host_str()?.to_lowercase();
        Some(host.strip_prefix("www.").unwrap_or(&host).to_owned())
    }

    /// Letters and digits of the tax number: spaces, dots and dashes are how somebody wrote it.
    pub fn tax_key(&self) -> Option<String> {
        let key: String = self.tax_id.as_deref()?.chars().filter(|c| c.is_alphanumeric()).collect();
        (!key.is_empty()).then(|| key.to_uppercase())
    }

    /// What the company is found by, each word after a space, so that a pattern can ask for the beginning of a word; the
    /// database makes it comparable.
    pub fn search_text(&self) -> String {
        let city = self.address.as_ref().and_then(|address| address.city.clone());
        let mut words = vec![self.name.clone()];
        words.extend(self.legal_name.iter().filter(|legal| **legal != self.name).cloned());
        words.extend(self.industry.clone());
        words.extend(self.domain());
        words.extend(self.email.clone());
        words.extend(self.phone.clone());
        words.extend(self.tax_key());
        words.extend(city);
        words.iter().flat_map(|word| [" ", word]).collect()
    }

    /// Names of the fields in which two drafts differ, as in the API. Status, parent and owner are facts of their own.
    pub fn changed_fields(&self, other: &Draft) -> Vec<String> {
        let fields = [
            ("name", self.name != other.name),
            ("legal_name", self.legal_name != other.legal_name),
            ("industry", self.industry != other.industry),
            ("size", self.size != other.size),
            ("website", self.website != other.website),
            ("profiles", self.profiles != other.profiles),
            ("email", self.email != other.email),
            ("phone", self.phone != other.phone),
            ("address", self.address != other.address),
            ("tax_id", self.tax_id != other.tax_id),
            ("description", self.description != other.description),
            ("tier", self.tier != other.tier),
            ("annual_value", self.annual_value != other.annual_value),
            ("monthly_revenue", self.monthly_revenue != other.monthly_revenue),
            ("currency", self.currency != other.currency),
            ("client_since", self.client_since != other.client_since),
            ("renews_on", self.renews_on != other.renews_on),
            ("cancel_by", self.cancel_by != other.cancel_by),
        ];
        let own = fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned());
        own.chain(Fields::differing(&self.custom, &other.custom).into_iter().map(|key| format!("custom.{key}")))
            .collect()
    }

    /// What formulas read of it; amounts in main units.
    pub fn own(&self) -> Own {
        let digits = i32::try_from(minor_digits(self.currency.as_deref().unwrap_or("EUR"))).unwrap_or(2);
        let main = |minor: Option<i64>| minor.map(|minor| (minor as f64 / 10f64.powi(digits)).into());
        let text = |text: &Option<String>| text.clone().map(Into::into);
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string().into());
        let address = self.address.clone().unwrap_or_default();
        let said = [
            ("name", Some(self.name.clone().into())),
            ("legal_name", text(&self.legal_name)),
            ("industry", text(&self.industry)),
            ("size", self.size.map(|size| size.as_str().into())),
            ("email", text(&self.email)),
            ("phone", text(&self.phone)),
            ("city", text(&address.city)),
            ("country", text(&address.country)),
            ("status", Some(self.status.as_str().into())),
            ("tier", self.tier.map(|tier| tier.as_str().into())),
            ("currency", text(&self.currency)),
            ("annual_value", main(self.annual_value)),
            ("monthly_revenue", main(self.monthly_revenue)),
            ("client_since", day(self.client_since)),
            ("renews_on", day(self.renews_on)),
            ("cancel_by", day(self.cancel_by)),
        ];
        said.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// This without what mentions one of these texts; `None` when nothing does.
    pub fn without(&self, mentions: &[String]) -> Option<Self> {
        let mentioned = |text: &Option<String>| {
            text.as_ref().is_some_and(|text| {
                let text = text.to_lowercase();
                mentions.iter().any(|mention| text.contains(mention.as_str()))
            })
        };
        let mut draft = self.clone();
        let texts = [
            &mut draft.legal_name,
            &mut draft.industry,
            &mut draft.website,
            &mut draft.email,
            &mut draft.phone,
            &mut draft.tax_id,
        ];
        for slot in texts {
            if mentioned(slot) {
                *slot = None;
            }
        }
        draft.profiles.retain(|page| !mentioned(&Some(page.clone())));
        if draft
            .address
            .as_ref()
            .is_some_and(|a| [&a.line1, &a.line2, &a.city, &a.region, &a.postal_code].into_iter().any(mentioned))
        {
            draft.address = None;
        }
        if mentioned(&draft.description) {
            draft.description = Some("[erased]".to_owned());
        }
        draft.custom.0.retain(|_, value| !mentioned(&value.as_str().map(str::to_owned)));
        if mentioned(&Some(draft.name.clone())) {
            draft.name = "[erased]".to_owned();
        }
        (draft != *self).then_some(draft)
    }
}

fn earliest() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default()
}

fn latest() -> NaiveDate {
    NaiveDate::from_ymd_opt(2199, 12, 31).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::error::Kind;

    fn draft(new: NewCompany) -> Draft {
        Draft::new(NewCompany { name: "Acme".into(), ..new }, Some("DE")).unwrap()
    }

    fn refused(new: NewCompany) -> Vec<(String, String)> {
        let error = Draft::new(NewCompany { name: "Acme".into(), ..new }, None).unwrap_err();
        let Kind::Invalid(fields) = error.kind() else { panic!("{error}") };
        fields.iter().map(|f| (f.field.clone(), f.code.clone())).collect()
    }

    fn day(text: &str) -> Option<NaiveDate> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_website_is_completed_and_its_host_compared() {
        let website = |text: &str| draft(NewCompany { website: Some(text.into()), ..NewCompany::default() });
        assert_eq!(website(" WWW.Müller.example ").website.as_deref(), Some("https://WWW.Müller.example"));
        assert_eq!(website("WWW.Müller.example").domain().as_deref(), Some("xn--mller-kva.example"));
        assert_eq!(website("http://shop.example/a?b=1").website.as_deref(), Some("http://shop.example/a?b=1"));
        for odd in [
            "javascript:alert(1)",
            "ftp://a.example",
            "localhost",
            "https://u:p@a.example",
            "a b",
            "javascript://a.example/%0aalert(1)",
        ] {
            let new = NewCompany { website: Some(odd.into()), ..NewCompany::default() };
            assert_eq!(refused(new), [("/website".to_owned(), "url_invalid".to_owned())], "{odd}");
        }
    }

    #[test]
    fn an_amount_needs_a_currency_that_exists() {
        let amount = |value, currency: Option<&str>| NewCompany {
            annual_value: Some(value),
            currency: currency.map(Into::into),
            ..NewCompany::default()
        };
        assert_eq!(draft(amount(0, Some("JPY"))).annual_value, Some(0));
        assert_eq!(refused(amount(1, None)), [("/currency".to_owned(), "required".to_owned())]);
        assert_eq!(refused(amount(1, Some("ABC"))), [("/currency".to_owned(), "currency_unknown".to_owned())]);
        assert_eq!(refused(amount(-1, Some("EUR"))), [("/annual_value".to_owned(), "range".to_owned())]);
        let with = draft(amount(5, Some("EUR")));
        let emptied = CompanyPatch { currency: MaybeUndefined::Null, ..CompanyPatch::default() };
        assert!(with.patched(emptied, None).is_err(), "the currency stays as long as an amount does");
    }

    #[test]
    fn a_contract_ends_before_it_renews() {
        let dates = |cancel, renews| NewCompany { cancel_by: cancel, renews_on: renews, ..NewCompany::default() };
        assert!(draft(dates(day("2027-01-31"), day("2027-01-31"))).cancel_by.is_some());
        assert_eq!(
            refused(dates(day("2027-02-01"), day("2027-01-31"))),
            [("/cancel_by".to_owned(), "late".to_owned())]
        );
        assert_eq!(refused(dates(day("2027-02-01"), None)), [("/renews_on".to_owned(), "required".to_owned())]);
        assert_eq!(refused(dates(None, day("9999-12-31"))), [("/renews_on".to_owned(), "range".to_owned())]);
    }

    #[test]
    fn what_mentions_a_person_is_taken_out() {
        let company = draft(NewCompany {
            email: Some("Ada@Home.example".into()),
            description: Some("Ask ada@home.example".into()),
            tax_id: Some("DE 123".into()),
            ..NewCompany::default()
        });
        let left = company.without(&["ada@home.example".into()]).unwrap();
        assert_eq!((left.email.as_deref(), left.description.as_deref()), (None, Some("[erased]")));
        assert_eq!(left.tax_key().as_deref(), Some("DE123"));
        assert_eq!(company.without(&["bob@home.example".into()]), None);
    }
}
