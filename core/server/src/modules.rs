//! The one list of modules, in the order of the workspace manifest: the product's table of contents.
use kernel::{App, Module, Result, http::openapi::Described};
use poem_openapi::OpenApi;
use std::sync::Arc;

/// Descriptors: permissions, subscriptions, jobs, schedules.
pub fn all() -> Vec<Module> {
    vec![
        tenants::module(),
        notifications::module(),
        identity::module(),
        files::module(),
        fields::module(),
        views::module(),
        contacts::module(),
        companies::module(),
        deals::module(),
        activities::module(),
        messaging::module(),
        tasks::module(),
        attachments::module(),
        followups::module(),
        occasions::module(),
        forms::module(),
        segments::module(),
        scores::module(),
        reports::module(),
        privacy::module(),
    ]
}

/// Every operation of the core API. OpenAPI tuples hold sixteen, so they are nested by heading.
pub fn api() -> impl OpenApi {
    (
        (tenants::api(), notifications::api(), identity::api(), files::api(), fields::api(), views::api()),
        (
            contacts::api(),
            companies::api(),
            deals::api(),
            activities::api(),
            messaging::api(),
            tasks::api(),
            attachments::api(),
        ),
        followups::api(),
        occasions::api(),
        forms::api(),
        segments::api(),
        scores::api(),
        reports::api(),
        search::api(),
        privacy::api(),
    )
}

/// Stored JSON whose shape the API's document describes.
pub fn described() -> [Described; 1] {
    [forms::described()]
}

/// Gives the program what the modules bring along: switches, mailer, authenticator, object store, describers.
pub fn install(app: &Arc<App>) -> Result<()> {
    tenants::install(app)?;
    notifications::install(app)?;
    identity::install(app);
    files::install(app)?;
    messaging::install(app)?;
    forms::install(app)
}
