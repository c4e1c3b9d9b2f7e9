//! The rules of the house, as tests: what cannot be seen from one file.
mod sql;
