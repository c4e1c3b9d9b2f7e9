//! Mail texts: `templates/<name>.{subject,txt,html}`. The look is in `_layout.*`; nothing in them names the platform. Their words
//! are in `words/mails`, in the language of the reader.
use super::{db::Claimed, model::Template};
use crate::words::{Language, date_part, say, spoken};
use chrono::DateTime;
use kernel::{Error, Result};
use minijinja::{
    AutoEscape, Environment, State, Value,
    syntax::SyntaxConfig,
    value::{Kwargs, Serde},
};
use std::sync::OnceLock;
use tenants::brands::Branding;

/// A mail's text in both forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) subject: String,
    pub(crate) plain: String,
    pub(crate) html: String,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("templates/", $name)))),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "_layout.txt",
    "_layout.html",
    "_parts.html",
    "verify_email.subject",
    "verify_email.txt",
    "verify_email.html",
    "reset_password.subject",
    "reset_password.txt",
    "reset_password.html",
    "invitation.subject",
    "invitation.txt",
    "invitation.html",
    "new_submission.subject",
    "new_submission.txt",
    "new_submission.html",
    "security_notice.subject",
    "security_notice.txt",
    "security_notice.html",
    "form_autoreply.subject",
    "form_autoreply.txt",
    "form_autoreply.html",
    "greeting.subject",
    "greeting.txt",
    "greeting.html",
    "digest.subject",
    "digest.txt",
    "digest.html",
    "generic.subject",
    "generic.txt",
    "generic.html",
];

fn environment() -> Result<&'static Environment<'static>> {
    static ENVIRONMENT: OnceLock<Result<Environment<'static>, String>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| build().map_err(|e| format!("{e:#}"))).as_ref().map_err(Error::internal)
}

fn build() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_auto_escape_callback(|name| match name.ends_with(".html") {
        true => AutoEscape::Html,
        false => AutoEscape::None,
    });
    environment.add_filter("paragraphs", |text: &str| -> Vec<String> {
        let text = text.replace("\r\n", "\n");
        text.split("\n\n").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
    });
    environment
        .add_filter("lines", |text: &str| -> Vec<String> { text.lines().map(|l| l.trim().to_owned()).collect() });
    environment.add_function("say", words);
    environment.add_function("moment", moment);
    // A button leads to a web page or nowhere: texts of tenants must not become scripts in a mail reader.
    environment.add_filter("web", |url: &str| -> Value {
        let fine = url.starts_with("https://") || url.starts_with("http://");
        let url = if fine { url } else { "#" };
        // Escaped here because the engine would escape slashes too, which makes the source of a mail hard to read.
        let escaped = url.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        Value::from_safe_string(escaped.replace('\'', "&#39;"))
    });
    for (name, text) in FILES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

fn language(state: &State<'_, '_>) -> Language {
    Language::of(state.lookup("lang").as_ref().and_then(Value::as_str).unwrap_or_default())
}

/// Words of `words/mails` in the language of the mail. Holes are filled with what is given, else with the data of the mail.
fn words(state: &State<'_, '_>, key: &str, given: Kwargs) -> Result<String, minijinja::Error> {
    let context: Option<&str> = given.get("context")?;
    let count: Option<i64> = given.get("count")?;
    let hole = |name: &str| {
        let value = given.peek::<Value>(name).ok().or_else(|| state.lookup(name));
        value
            .filter(|value| !value.is_none() && !value.is_undefined())
            .map(|value| value.to_string())
            .unwrap_or_default()
    };
    say(language(state), key, (context.filter(|case| !case.is_empty()), count), hole)
        .ok_or_else(|| minijinja::Error::new(minijinja::ErrorKind::UndefinedError, format!("there are no words {key}")))
}

/// A moment in RFC 3339 as people write it, in UTC.
fn moment(state: &State<'_, '_>, text: &str) -> String {
    let Ok(moment) = DateTime::parse_from_rfc3339(text) else { return text.to_owned() };
    let (moment, language) = (moment.to_utc(), language(state));
    let hole = |name: &str| {
        let part = date_part(language, moment.date_naive(), name);
        part.unwrap_or_else(|| moment.format("%H:%M").to_string())
    };
    say(language, "security.moment", (None, None), hole).unwrap_or_default()
}

/// The text of a mail in its brand, in the language of its reader.
pub(crate) fn render(mail: &Claimed, brand: &Branding) -> Result<Rendered> {
    let name = Template::parse(&mail.template)
        .ok_or_else(|| Error::internal(format!("there is no mail template {}", mail.template)))?
        .as_str();
    let language = Language::of(&mail.locale);
    let mut context = match mail.data.clone().map(|data| spoken(language, data)) {
        Some(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    context.insert("brand".into(), serde_json::to_value(brand).map_err(Error::internal)?);
    context.insert("to_name".into(), mail.recipient_name.clone().into());
    context.insert("lang".into(), language.tag().into());
    context.insert("dir".into(), language.direction().into());
    let environment = environment()?;
    // Rendered first: the layout shows it as the document's title.
    let subject = fill(environment, &format!("{name}.subject"), &context)?;
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    context.insert("subject".into(), subject.clone().into());
    let plain = fill(environment, &format!("{name}.txt"), &context)?;
    let html = fill(environment, &format!("{name}.html"), &context)?;
    Ok(Rendered { subject, plain: tidy(&plain), html })
}

fn fill(
    environment: &Environment<'_>,
    name: &str,
    context: &serde_json::Map<String, serde_json::Value>,
) -> Result<String> {
    let render = || environment.get_template(name)?.render(Serde(context));
    render().map_err(|e| Error::internal(format!("mail template: {e:#}")))
}

/// At most one empty line in a row, none at the ends.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    format!("{}\n", out.trim_end())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::mails::model::MailId;
    use kernel::clock::Clock;
    use serde_json::json;
    use tenants::brands::LegalLink;

    fn brand() -> Branding {
        Branding {
            name: "Northlight & Sons".into(),
            logo_url: Some("https://cdn.example/logo.png".into()),
            accent: "#2f5d50".into(),
            on_accent: "#ffffff".into(),
            legal_links: vec![LegalLink { label: "Privacy".into(), url: "https://northlight.example/privacy".into() }],
            sky: true,
        }
    }

    fn example(template: Template) -> serde_json::Value {
        match template {
            Template::VerifyEmail => json!({"url": "https://app.example/verify?t=abc", "valid_hours": 24}),
            Template::ResetPassword => json!({"url": "https://app.example/reset?t=abc", "valid_minutes": 30}),
            Template::Invitation => json!({"url": "https://app.example/join?t=abc", "tenant": "Harbour Dental",
                "inviter": "Mira Lind", "role": "Client staff", "valid_days": 7}),
            Template::NewSubmission => json!({"form": "Book a check-up", "url": "https://app.example/s/1",
                "contact": "Ada <b>Byron</b>", "site": "https://harbour.example/contact",
                "answers": [{"label": "Message", "value": "First line\nsecond <i>line</i>"}]}),
            Template::SecurityNotice => json!({"title": "New sign-in", "text": "Somebody signed in.",
                "when": "2026-11-20T10:00:00Z", "device": "Firefox on Linux",
                "url": "https://app.example/sessions", "action": "Review sessions"}),
            Template::FormAutoreply => json!({"title": "Thank you", "body": "We got it.\n\nSee you\nsoon."}),
            Template::Greeting => json!({"title": "Happy birthday", "body": "Ada, we wish you well.\n\nYours",
                "unsubscribe": "https://app.example/u/abc"}),
            Template::Digest => json!({"title": "Reminders: 2 tasks", "items": [
                {"title": "Ring <b>Ada</b>", "body": "Due today.", "url": "https://app.example/tasks?task=1"},
                {"title": "Ring Bob", "url": "https://app.example/tasks?task=2"}], "more": 3, "reason": "They are yours."}),
            Template::Generic => json!({"title": "Export ready", "body": "It is there.",
                "action": {"label": "Download", "url": "javascript:alert(1)"}, "reason": "You asked for it."}),
        }
    }

    fn mail(template: Template) -> Claimed {
        let now = Clock::system().now();
        Claimed {
            id: MailId::new(now),
            brand_tenant: None,
            recipient: Some("ada@example.org".into()),
            recipient_user: None,
            recipient_name: Some("Ada".into()),
            reply_to: None,
            headers: json!({}),
            template: template.as_str().into(),
            locale: "en".into(),
            data: Some(example(template)),
            message_id: Some("<1@example.com>".into()),
            attempts: 1,
            patient_until: now,
        }
    }

    fn spoken_in(language: Language, mail: Claimed) -> Claimed {
        Claimed { locale: language.tag().into(), ..mail }
    }

    fn all() -> impl Iterator<Item = (Template, Language)> {
        Template::ALL.into_iter().flat_map(|template| Language::ALL.map(|language| (template, language)))
    }

    #[test]
    fn a_mail_is_in_the_language_and_the_direction_of_its_reader() {
        let arabic = render(&spoken_in(Language::Arabic, mail(Template::Invitation)), &brand()).unwrap();
        assert_eq!(arabic.subject, "يدعوك Mira Lind إلى Harbour Dental");
        assert!(arabic.html.contains(r#"<html lang="ar" dir="rtl">"#) && arabic.html.contains("مرحبًا Ada،"));
        assert!(arabic.plain.contains("الدعوة صالحة 7 أيام.") && arabic.plain.contains("دورك: Client staff."));
        let english = render(&mail(Template::Invitation), &brand()).unwrap();
        assert_eq!(english.subject, "Mira Lind invites you to Harbour Dental");
        assert!(english.html.contains(r#"<html lang="en" dir="ltr">"#) && english.plain.contains("good for 7 days."));
        let security = |language| render(&spoken_in(language, mail(Template::SecurityNotice)), &brand()).unwrap().plain;
        assert!(security(Language::English).contains("When: 20 November 2026, 10:00 UTC"));
        assert!(security(Language::Arabic).contains("متى: 20 نوفمبر 2026، 10:00 UTC"));
    }

    #[test]
    fn every_mail_carries_its_brand_and_nobody_elses() {
        for (template, language) in all() {
            let text = render(&spoken_in(language, mail(template)), &brand()).unwrap();
            let name = template.as_str();
            assert!(!text.subject.is_empty() && !text.subject.contains('\n'), "{name}");
            assert!(text.html.contains("Northlight &amp; Sons") && text.plain.contains("Northlight & Sons"), "{name}");
            assert!(text.html.contains("https://cdn.example/logo.png"), "{name}");
            assert!(text.html.contains("https://northlight.example/privacy"), "{name}");
            for part in [&text.subject, &text.plain, &text.html] {
                assert!(!part.to_lowercase().contains("upzento"), "{name} names the platform");
                assert!(
                    !part.contains("{{") && !part.replace(":none", "").contains("none"),
                    "{name} has a gap: {part}"
                );
            }
            if let Some(url) = example(template).get("url").and_then(|u| u.as_str()) {
                assert!(text.html.contains(url) && text.plain.contains(url), "{name} lacks its link");
            }
        }
    }

    #[test]
    fn what_people_wrote_stays_text() {
        let text = render(&mail(Template::NewSubmission), &brand()).unwrap();
        assert!(text.html.contains("Ada &lt;b&gt;Byron") && !text.html.contains("<i>line"));
        assert!(text.plain.contains("second <i>line</i>"));
        let text = render(&mail(Template::Generic), &brand()).unwrap();
        assert!(!text.html.contains("javascript:"));
    }

    #[test]
    fn required_data_is_what_the_templates_need() {
        for (template, language) in all() {
            let all = example(template);
            let mut least = spoken_in(language, mail(template));
            let needed: serde_json::Map<_, _> =
                template.required().iter().map(|key| ((*key).to_owned(), all[*key].clone())).collect();
            least.data = Some(needed.into());
            least.recipient_name = None;
            let text = render(&least, &Branding { logo_url: None, legal_links: vec![], ..brand() }).unwrap();
            assert!(
                !text.html.replace(":none", "").contains("none") && !text.plain.contains("none"),
                "{}",
                template.as_str()
            );
        }
    }
}
