//! Custom fields: their definitions, and the values that records keep.
mod actions;
mod api;
mod db;
mod draft;
mod formula;
mod jobs;
mod model;
mod value;
mod values;

pub use actions::links::leads;
pub use actions::records::{
    CustomRecords, Keyed, cells, fields_of, find_by, forget, holders, settle, store, store_fitting,
};
pub(crate) use api::CustomFieldsApi;
pub use db::{Relinked, relink, relink_back};
pub use formula::Own;
pub use jobs::{WorkOnField, subscription};
pub use model::{Custom, CustomField, CustomFieldId, FieldType, RecordKind};
pub use value::Shape as CustomFieldShape;
pub use values::{Asking, Fields};
