//! Who a reader is.
use kernel::ids::UserId;
use poem_openapi::Object;

/// A member who may see what is written about a record.
#[derive(Object, Debug, Clone)]
pub struct Reader {
    /// The member.
    pub user: UserId,
    /// His name.
    pub name: String,
}

/// Members who may see what is written about a record.
#[derive(Object, Debug, Clone)]
pub struct Readers {
    /// By name.
    pub items: Vec<Reader>,
}
