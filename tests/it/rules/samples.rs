//! Bodies that an operation would accept: what the schema asks for, with a few values only a person can know.
use super::api::{Document, Ids, Operation};
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// The password of everybody.
pub const PASSWORD: &str = "lantern-ferry-58";

static NEXT: AtomicU32 = AtomicU32::new(1);

/// Decides what a body is made of.
pub trait Taste {
    /// Whether an optional property is given.
    fn wants(&mut self, property: &str, is_id: bool) -> bool;
    /// A value instead of a good one.
    fn spoil(&mut self, good: Value) -> Value {
        good
    }
}

/// What is required, and every id that may be named.
#[derive(Debug)]
pub struct Plain;
impl Taste for Plain {
    fn wants(&mut self, _: &str, is_id: bool) -> bool {
        is_id
    }
}

/// What the schema cannot say. `{contacts}` is the id of a contact; null leaves a property out.
fn table(operation: &str) -> Value {
    match operation {
        "PATCH /v1/activities/{id}" => json!({"title": "Changed"}),
        "PATCH /v1/api-keys/{id}" => json!({"name": "Changed"}),
        "POST /v1/api-keys" => json!({"scopes": {"*.read": "all"}, "expires_at": null}),
        "PATCH /v1/clients/{id}" | "PATCH /v1/tenants/current" => json!({"zone": "Europe/Rome"}),
        "PUT /v1/clients/{id}/trial" | "PUT /v1/accounts/{id}/trial" => json!({"days": 20}),
        "POST /v1/clients/{id}/deletion" => json!({"confirm_name": "{client_name}"}),
        "POST /v1/companies" => json!({"parent": null}),
        "PATCH /v1/companies/{id}" => json!({"industry": "Changed", "parent": null}),
        "POST /v1/company-bulk-runs" => {
            json!({"companies": ["{companies}"], "matching": null, "change": {"tier": "gold"}})
        }
        "PUT /v1/companies/{id}/contacts/{contact_id}" => json!({"roles": ["billing"]}),
        "POST /v1/contacts" | "PATCH /v1/contacts/{id}" => json!({"first_name": "Ada"}),
        "POST /v1/contacts/upsert" => json!({"first_name": "Ada", "emails": [{"address": "ada@upsert.example"}]}),
        "POST /v1/contacts/bulk-changes" => json!({"contacts": ["{contacts}"], "add_tags": ["bulk"]}),
        "PATCH /v1/contact-stages/{id}" => json!({"label": "Changed"}),
        "PUT /v1/contact-stages/order" => json!({"stages": ["{contact-stages}"]}),
        "POST /v1/contact-bulk-runs" => {
            json!({"contacts": ["{contacts}"], "matching": null, "change": {"add_tags": ["bulk"]}})
        }
        "POST /v1/company-merges" => json!({"kept": "{companies}", "merged": ["{kept_companies}"]}),
        "PATCH /v1/company-duplicates/{id}" => json!({"state": "dismissed"}),
        "POST /v1/contact-merges" => json!({"kept": "{contacts}", "merged": ["{kept_contacts}"]}),
        "PATCH /v1/contact-duplicates/{id}" => json!({"state": "dismissed"}),
        "POST /v1/contact-imports" => json!({"file": "{files}"}),
        "PATCH /v1/contact-imports/{id}" => json!({"fields": ["display_name", "email"]}),
        "POST /v1/contacts/{id}/consents" => json!({"purpose": "news", "text": "Send me news"}),
        "POST /v1/deal-bulk-runs" => {
            json!({"deals": ["{deals}"], "matching": null, "change": {"expected_close": "2026-12-24"}})
        }
        "PATCH /v1/deals/{id}" => json!({"title": "Changed", "contacts": null}),
        "POST /v1/deals" => json!({"currency": "SEK"}),
        "POST /v1/custom-fields" => json!({"key": null, "record": "deal", "type": "text"}),
        "PATCH /v1/custom-fields/{id}" => json!({"label": "Changed"}),
        "POST /v1/custom-fields/order" => json!({"record": "contact", "fields": ["{custom-fields}"]}),
        "POST /v1/custom-fields/formula-trials" => {
            json!({"record": "contact", "expression": "1 + 1", "result": "number"})
        }
        "POST /v1/deals/{id}/outcome" => json!({"status": "lost", "reason": "Price"}),
        "PATCH /v1/greetings/{id}" => {
            json!({"name": "Changed", "kinds": ["birthday"], "stages": null, "segments": null, "excluded_segments": null,
                "countries": null, "languages": null})
        }
        "POST /v1/greetings" => {
            json!({"kinds": ["birthday"], "feasts": null, "stages": null, "segments": null, "excluded_segments": null,
                "countries": null, "languages": null})
        }
        "POST /v1/greetings/preview" | "POST /v1/greetings/test" => json!({"contact": "{contacts}"}),
        "POST /v1/greeting-sends" => json!({"contact": "{contacts}", "day": "2027-11-22"}),
        "PATCH /v1/attachments/{id}" => json!({"note": "Changed"}),
        "POST /v1/attachments" => {
            json!({"company": null, "deal": null, "task": null, "activity": null, "about_note": null})
        }
        "POST /v1/report-schedules" => json!({"span": "last_month", "minute": 480}),
        "PATCH /v1/report-schedules/{id}" => json!({"name": "Changed"}),
        "PATCH /v1/occasion-settings" => json!({"hijri_shift": 1}),
        "PUT /v1/feast-shifts" => json!({"feast": "eid_al_fitr", "year": 1448, "days": 1}),
        "PATCH /v1/occasions/{id}" => json!({"label": "Changed"}),
        "POST /v1/occasions" => {
            json!({"company": null, "kind": "birthday", "date_kind": "yearly", "month": 5, "day": 1, "nth": null, "weekday": null})
        }
        "PATCH /v1/tasks/{id}" => {
            json!({"title": "Changed", "due_on": null, "due_time": null, "rule": null, "collaborators": null})
        }
        "POST /v1/tasks" => {
            json!({"zone": "Europe/Berlin", "due_on": "2026-12-01", "due_time": "09:00", "rule": "FREQ=DAILY"})
        }
        "POST /v1/tasks/bulk-changes" => {
            json!({"tasks": ["{tasks}"], "postponed": {"due_on": "2027-02-01"}, "assignee": null, "skipped": null, "back": null})
        }
        "POST /v1/tasks/{id}/completion" => json!({"next": null}),
        "POST /v1/tasks/{id}/snooze" => json!({"until": "2027-01-01T09:00:00Z"}),
        "POST /v1/data-requests" => json!({"kind": "export"}),
        "PUT /v1/retention" => json!({"contact_days": 1095}),
        "POST /v1/follow-up-rules" | "PUT /v1/follow-up-rules/{id}" => json!({"cause": "activity", "deal_stage": null,
            "sequence": null, "member": null, "task_title": "Ring {name}", "cancel_on": ["reply"]}),
        "POST /v1/sequences" | "PUT /v1/sequences/{id}" => {
            json!({"member": null, "steps": [{"day": 1, "title": "Ring {name}"}, {"day": 3, "title": "Write"}]})
        }
        "POST /v1/enrolments" => json!({"deal": null}),
        "PUT /v1/assignment-rules/order" => json!({"rules": ["{assignment-rules}"]}),
        "POST /v1/exchange-rates" => json!({"rate": "0.1", "valid_from": "2026-01-01"}),
        "PATCH /v1/exchange-rates/{id}" => json!({"rate": "0.2"}),
        "POST /v1/exchange-rates/imports" => json!({"text": "currency,valid_from,rate\nSEK,2026-01-02,0.1"}),
        "PATCH /v1/exchange-settings" => json!({"source": "none", "url": "https://rates.example/daily.xml"}),
        "POST /v1/holidays" => json!({"day": "2027-12-27"}),
        "POST /v1/member-absences" => json!({"from": "2027-12-20", "until": "2027-12-24", "stand_in": null}),
        "PUT /v1/working-time" | "PUT /v1/member-hours/{id}" => {
            json!({"spans": [{"day": 1, "from": "09:00", "until": "17:00"}]})
        }
        "POST /v1/forms" => json!({"draft": form()}),
        "PATCH /v1/forms/{id}" => json!({"name": "Changed", "draft": null, "theme": null}),
        "POST /v1/forms/{id}/versions" => json!({}),
        "POST /v1/logos" => {
            json!({"content": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="})
        }
        "PATCH /v1/me" => json!({"name": "Changed"}),
        "PATCH /v1/members/{id}" => json!({"name": "Changed"}),
        "PATCH /v1/notes/{id}" => json!({"body": "Changed"}),
        "POST /v1/notification-mutes" => json!({"kind": "task.reminder", "record": null}),
        "PATCH /v1/notifications/{id}" => json!({"read": true}),
        "PATCH /v1/passkeys/{id}" => json!({"name": "Changed"}),
        "POST /v1/push-subscriptions" => subscription("https://127.0.0.1:9/sample"),
        "PUT /v1/password" => json!({"current": PASSWORD, "new": "copper window 1977"}),
        "PUT /v1/preferences" => {
            json!({"items": [{"kind": "submission.received", "channel": "email", "enabled": false}]})
        }
        "PUT /v1/quiet-hours" => {
            json!({"spans": [{"days": [6, 7], "from": "22:00", "until": "07:00"}], "zone": null})
        }
        "POST /v1/roles" => json!({"grants": {"contacts.read": "all"}}),
        "PATCH /v1/pipelines/{id}" => json!({"quiet_days": 9}),
        "POST /v1/pipelines" => json!({"stages": [{"name": "Only"}]}),
        "PATCH /v1/roles/{id}" => json!({"name": "Changed"}),
        "POST /v1/saved-views" => json!({"shared": true}),
        "PATCH /v1/saved-views/{id}" => json!({"columns": ["email"]}),
        "POST /v1/segments" => json!({"kind": "static"}),
        "PATCH /v1/segments/{id}" => json!({"name": "Changed"}),
        "POST /v1/segments/{id}/members" => json!({"add": ["{contacts}"], "remove": null}),
        "POST /v1/scoring/preview" | "PUT /v1/scoring" => json!({"rules": [], "warm_from": 20, "hot_from": 60}),
        "POST /v1/segments/preview" => {
            json!({"definition": {"kind": "field", "field": "name", "op": "not_empty"}})
        }
        "POST /v1/sessions" => json!({"email": "{email}"}),
        "POST /v1/sessions/refresh" => json!({"refresh_token": "{refresh}"}),
        "POST /v1/sessions/switch" => json!({"tenant": "{tenants}"}),
        "POST /v1/tags/{id}/merger" => json!({"into": "{kept_tags}"}),
        "PATCH /v1/tags/{id}" => json!({"description": "Changed"}),
        "PATCH /v1/teams/{id}" => json!({"name": "Changed"}),
        "POST /v1/transfers" => json!({"agency_id": "{third}"}),
        "POST /v1/webhooks" => json!({"kinds": ["contact.*"]}),
        "PATCH /v1/webhooks/{id}" => json!({"enabled": true}),
        "PATCH /v1/widgets/{id}" => json!({"name": "Changed"}),
        // Administration.
        "PUT /v1/accounts/{id}/transfer" => json!({"agency_id": "{third}"}),
        "PUT /v1/accounts/{id}/plan" => json!({"plan_id": "{plans}"}),
        _ => json!({}),
    }
}

/// What a browser gives whose device wants to be told; the keys are those of RFC 8291's example.
pub fn subscription(endpoint: &str) -> Value {
    let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    let keys = json!({"p256dh": key, "auth": "BTBZMqHH6r4Tts7J_aSIgg"});
    json!({"endpoint": endpoint, "expirationTime": null, "keys": keys})
}

/// A form with what a contact needs.
pub fn form() -> Value {
    json!({"title": "Enquiry", "steps": [{"key": "who", "fields": [
        {"key": "name", "type": "text", "label": "Name", "required": true, "maps_to": "name"},
        {"key": "email", "type": "email", "label": "E-mail", "maps_to": "email"}]}]})
}

/// A body for an operation. Properties that take ids get these.
pub fn body(document: &Document, operation: &Operation, ids: &Ids, taste: &mut impl Taste) -> Value {
    let schema = operation.body.as_ref().expect("an operation with a body");
    let mut made = value(document, schema, "", ids, taste);
    let table = table(&operation.name());
    for (name, given) in table.as_object().into_iter().flatten() {
        if let Some(made) = made.as_object_mut() {
            match given {
                Value::Null => drop(made.remove(name)),
                given => drop(made.insert(name.clone(), filled(given, ids))),
            }
        }
    }
    made
}

/// `{name}` anywhere replaced by the id.
fn filled(value: &Value, ids: &Ids) -> Value {
    match value {
        Value::String(text) => {
            let name = text.strip_prefix('{').and_then(|t| t.strip_suffix('}'));
            name.map_or_else(|| value.clone(), |name| ids.get(name).cloned().unwrap_or_default().into())
        }
        Value::Array(items) => items.iter().map(|item| filled(item, ids)).collect(),
        Value::Object(map) => map.iter().map(|(key, item)| (key.clone(), filled(item, ids))).collect(),
        _ => value.clone(),
    }
}

/// The schema behind references and wrappers.
fn resolved<'a>(document: &'a Document, schema: &'a Value) -> &'a Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return resolved(document, &document.schemas[name]);
    }
    for wrapper in ["allOf", "oneOf"] {
        if let Some(first) = schema[wrapper].as_array().and_then(|all| all.first()) {
            return resolved(document, first);
        }
    }
    schema
}

fn value(document: &Document, schema: &Value, name: &str, ids: &Ids, taste: &mut impl Taste) -> Value {
    let schema = resolved(document, schema);
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return taste.spoil(first.clone());
    }
    let good = match schema["type"].as_str() {
        Some("object") => return object(document, schema, ids, taste),
        Some("array") => vec![value(document, &schema["items"], name, ids, taste)].into(),
        Some("string") => text(schema, name, ids).into(),
        Some("integer") => number(name).max(schema["minimum"].as_f64().unwrap_or(0.0) as i64).into(),
        Some("number") => json!(1.5),
        Some("boolean") => true.into(),
        _ => json!({}),
    };
    taste.spoil(good)
}

fn object(document: &Document, schema: &Value, ids: &Ids, taste: &mut impl Taste) -> Value {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut made = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if required.contains(&name.as_str()) || taste.wants(name, takes_id(document, name, property)) {
            made.insert(name.clone(), value(document, property, name, ids, taste));
        }
    }
    made.into()
}

/// Whether a property takes an id, or a list of them.
fn takes_id(document: &Document, name: &str, schema: &Value) -> bool {
    let schema = resolved(document, schema);
    let item = if schema["type"] == "array" { resolved(document, &schema["items"]) } else { schema };
    collection(item, name).is_some()
}

/// Whose id a string is.
fn collection(schema: &Value, name: &str) -> Option<&'static str> {
    if name == "widget_id" {
        return Some("widgets");
    }
    let prefix = schema["pattern"].as_str()?.strip_prefix('^')?.split_once("_[0-7]")?.0;
    Some(match prefix {
        "com" => "companies",
        "cst" => "contact-stages",
        "con" => "contacts",
        "dea" => "deals",
        "tsk" => "tasks",
        "fil" => "files",
        "gre" => "greetings",
        "occ" => "occasions",
        "pip" => "pipelines",
        "seq" => "sequences",
        "stg" => "stages",
        "usr" => "members",
        "rol" => "roles",
        "tea" => "teams",
        "whk" => "webhooks",
        "ten" => "clients",
        "pln" => "plans",
        _ => return None,
    })
}

fn text(schema: &Value, name: &str, ids: &Ids) -> String {
    if let Some(collection) = collection(schema, name) {
        return ids.get(collection).cloned().unwrap_or_default();
    }
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    match name {
        "email" | "address" => format!("sample{n}@example.com"),
        "password" | "new" | "current" => PASSWORD.into(),
        "url" | "hosted_url" | "logo_url" => format!("https://sample{n}.example/page"),
        "host" => format!("crm.sample{n}.example"),
        "origin" => format!("https://sample{n}.example"),
        "reason" => "Ticket 4711: looked into it".into(),
        "country" => "SE".into(),
        "currency" => "SEK".into(),
        "locale" | "language" => "en".into(),
        "zone" => "Europe/Stockholm".into(),
        "stage" | "contact_stage" => "lead".into(),
        "colour" => "#336699".into(),
        "number" => "+46 8 123 45 67".into(),
        "slug" | "key" => format!("sample_{n}").replace('_', if name == "slug" { "-" } else { "_" }),
        "module" => "forms".into(),
        "code" => "000000".into(),
        _ if schema["format"] == "date-time" => "2026-11-25T12:00:00Z".into(),
        _ if schema["format"] == "uuid" => uuid::Uuid::from_u128(n.into()).to_string(),
        _ => format!("Sample {n}"),
    }
}

fn number(name: &str) -> i64 {
    match name {
        "minutes" | "days" => 30,
        _ => 1,
    }
}
