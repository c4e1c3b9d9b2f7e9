//! Lists as files that a spreadsheet opens as data and never as a program: long ones from one snapshot with their number of
//! rows ([`take`], [`Sheet`]), short ones page by page ([`export`], [`export_control`], [`file`]).
mod cells;
pub mod csv;
mod look;
mod pages;
mod whole;
mod xlsx;

pub use cells::Cells;
pub use look::{Look, SheetFormat, SheetLanguage};
pub use pages::{CsvFile, Export, export, export_control, file};
pub use whole::{Sheet, SheetContent, SheetFile, take};
