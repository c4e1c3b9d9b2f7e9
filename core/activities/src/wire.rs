//! Ids of other modules as the API writes them: an event names its subject by resource and bare id.
use uuid::Uuid;

/// The id of a resource's record as everywhere in the API: `con_…` for `contacts`; the bare UUID when the resource is
/// not known here.
pub fn wire_id(resource: &str, id: Uuid) -> String {
    let prefix = match resource {
        "activities" => "act",
        "api_keys" => "key",
        "attachments" => "att",
        "companies" => "com",
        "consents" => "cns",
        "company_bulk_runs" | "contact_bulk_runs" | "deal_bulk_runs" => "bkr",
        "contact_imports" => "cim",
        "contacts" => "con",
        "deals" => "dea",
        "data_requests" => "drq",
        "deliveries" => "dlv",
        "enrolments" => "enr",
        "files" => "fil",
        "follow_up_rules" => "fur",
        "follow_ups" => "fup",
        "forms" => "frm",
        "greeting_batches" => "gba",
        "greetings" => "gre",
        "holidays" => "hol",
        "impersonations" => "imp",
        "invitations" => "inv",
        "member_absences" => "mab",
        "notes" => "not",
        "notifications" => "ntf",
        "occasions" => "occ",
        "origins" => "ori",
        "pipelines" => "pip",
        "plans" => "pln",
        "roles" => "rol",
        "saved_views" => "viw",
        "scores" => "con",
        "segments" => "seg",
        "sequences" => "seq",
        "sessions" => "ses",
        "submissions" => "sub",
        "tags" => "tag",
        "tasks" => "tsk",
        "teams" => "tea",
        "tenants" | "clients" | "agencies" | "brands" => "ten",
        "transfers" => "trf",
        "users" | "members" | "member_hours" => "usr",
        "webhooks" => "whk",
        _ => return id.to_string(),
    };
    format!("{prefix}_{}", kernel::ids::encode(id))
}

/// The id of whoever acted: `usr_…` for a person, `key_…` for a program.
pub fn wire_actor(kind: &str, id: Uuid) -> String {
    match kind {
        "user" => wire_id("users", id),
        "api_key" => wire_id("api_keys", id),
        "admin" => format!("adm_{}", kernel::ids::encode(id)),
        _ => id.to_string(),
    }
}
