//! Boards: what deals add up to, now and at any moment before.
mod api;
pub(crate) mod db;
mod model;

pub(crate) use api::BoardsApi;
pub(crate) use model::{
    Chances, FigureRow, HomeRow, RecordRow, StageAt, Total, Weigh, chances, home_total, totals, weighted,
};
