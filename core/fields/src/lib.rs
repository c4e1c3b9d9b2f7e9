//! # Purpose
//! Fields that a tenant defines itself for contacts, companies and deals: what they take, how records keep, find and
//! order their values, and formulas over them. The modules of the records call it; no statement of the schema is ever made
//! for a field.
//!
//! # Tables
//! `custom_fields`, `custom_field_values`. Values themselves stand in the column `custom` of the records.
//!
//! # Permissions
//! `fields.read`: see which fields there are. `fields.write`: define, change, put away and delete them. Values are read and
//! written with the permissions of their records.
//!
//! # Events
//! `custom_field.created`, `custom_field.updated`, `custom_field.archived`, `custom_field.restored`,
//! `custom_field.reordered`, `custom_field.deleted`, `custom_field.work_requested`: records are to be gone through, by the
//! module they belong to.
//!
//! # Invariants
//! - Every value of a record has rows in `custom_field_values`, written in the same transaction, and nothing else has.
//! - Of two records that want one unique value at once, one gets it: a unique index decides.
//! - Key and type of a field never change, options only get more; so no stored value ever stops being readable.
//! - Definitions change one at a time, so no two formulas close a circle between them.
//! - A field is gone only when its last value is; until then nobody can define another one of its key.
mod custom_fields;

pub use custom_fields::{
    Asking, Custom, CustomField, CustomFieldId, CustomFieldShape, CustomRecords, FieldType, Fields, Keyed, Own,
    RecordKind, Relinked, WorkOnField, cells, fields_of, find_by, forget, holders, leads, relink, relink_back, settle,
    store, store_fitting, subscription,
};

kernel::permissions! {
    /// See which fields the tenant has defined.
    Read = "fields.read",
    /// Define fields, change, archive and delete them.
    Write = "fields.write",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Fields that a tenant defines itself for contacts, companies and deals.
    #[oai(rename = "Custom fields")]
    Fields,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "fields",
        permissions: PERMISSIONS,
        subjects: &[("custom_fields", "fields.read")],
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    custom_fields::CustomFieldsApi
}
