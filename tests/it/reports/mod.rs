//! What the records add up to.
mod few;
mod heads;
mod report_schedules;
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod reports;

use crate::forms::World;
use kernel::ids::UserId;

/// A world with half a year of records, of which a third is the owner's, a third `second`'s and a third nobody's.
pub async fn filled(second: &str, world: &World) {
    let plain = |id: &str| id.parse::<UserId>().unwrap().0.to_string();
    let script = include_str!("fill.sql").replace("{one}", &plain(&world.owner_id)).replace("{two}", &plain(second));
    for statement in script.split(";\n") {
        world.tenant_query(statement).await;
    }
}

/// The tenant keeps days of this zone.
pub async fn move_to(world: &World, zone: &str) {
    let client = world.app.db.superuser().await;
    client
        .execute("update control.tenants set zone = $2 where id = $1", &[&world.tenant.0, &zone])
        .await
        .expect("a zone");
    // What is known of a tenant is believed for some seconds.
    world.app.advance(chrono::TimeDelta::seconds(61));
}
