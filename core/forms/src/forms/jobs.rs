//! Telling the control plane, and through it every embed edge, what visitors get.
use super::{
    db::{self, Snapshot},
    settings::FormId,
};
use kernel::{
    ControlTx, Result,
    error::Kind,
    events::NewEvent,
    ids::TenantId,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tenants::widgets::{self, NewWidget};

/// Kind of widget.
const KIND: &str = "form";

/// Brings a form's widget to what the form is now. Whichever run comes last wins, because each reads the form anew.
#[derive(Serialize, Deserialize)]
pub struct SyncWidget {
    /// The form.
    pub form: FormId,
    /// Switch the widget on: the form was unpublished before. Otherwise members decide about the switch.
    pub resume: bool,
}

impl Job for SyncWidget {
    const KIND: &'static str = "SyncWidget";

    async fn run(self, cx: JobCx) -> Result<()> {
        let mut seen = None;
        // Two runs may overlap, and the one that read first may write last. So each looks again after it has written: who
        // wrote something old sees that the form has moved on, and writes again.
        while let Some(snapshot) = cx.read(async |tx| db::snapshot(tx, self.form).await).await? {
            if seen == Some(snapshot.version) {
                break;
            }
            seen = Some(snapshot.version);
            self.write(&cx, &snapshot).await?;
        }
        Ok(())
    }
}

impl SyncWidget {
    async fn write(&self, cx: &JobCx, snapshot: &Snapshot) -> Result<()> {
        let tenant = cx.tenant()?.id;
        match cx.control(async |tx| self.publish(tx, tenant, snapshot).await).await {
            Ok(Some(widget)) => cx.write(async |tx| db::set_widget(tx, self.form, &widget).await).await,
            Ok(None) => Ok(()),
            // The plan does not allow it: nothing a repetition would change, so the form says what is true.
            Err(error) if matches!(error.kind(), Kind::Forbidden { .. } | Kind::Conflict { .. }) => {
                tracing::info!(%error, form = %self.form, "a form cannot be published");
                self.take_back(cx, error.code()).await
            }
            Err(error) => Err(error),
        }
    }

    async fn publish(&self, tx: &mut ControlTx, tenant: TenantId, snapshot: &Snapshot) -> Result<Option<String>> {
        let Some(definition) = snapshot.definition.as_ref().filter(|_| snapshot.state == "published") else {
            widgets::withdraw(tx, tenant, KIND, self.form.0).await?;
            return Ok(None);
        };
        let locale = snapshot.locale.clone();
        let new = NewWidget {
            tenant,
            kind: KIND,
            resource_id: self.form.0,
            name: snapshot.name.clone(),
            config: json!({"form": definition, "theme": snapshot.theme, "locale": locale}),
            hosted_url: snapshot.hosted_url.clone(),
        };
        let widget = widgets::publish(tx, &new).await?;
        if self.resume {
            widgets::resume(tx, tenant, KIND, self.form.0).await?;
        }
        Ok(Some(widget.id))
    }

    async fn take_back(&self, cx: &JobCx, code: &str) -> Result<()> {
        cx.write(async |tx| {
            if db::take_back(tx, self.form).await? {
                let event = NewEvent::new("form.publish_refused", "forms", self.form.0, "Form could not be published");
                tx.record(event.payload(&json!({"code": code}))).await?;
            }
            Ok(())
        })
        .await
    }
}

/// Removes the widget of a deleted form.
#[derive(Serialize, Deserialize)]
pub struct RemoveWidget {
    /// The form that was deleted.
    pub form: FormId,
}

impl Job for RemoveWidget {
    const KIND: &'static str = "RemoveWidget";

    async fn run(self, cx: JobCx) -> Result<()> {
        let tenant = cx.tenant()?.id;
        cx.control(async |tx| widgets::remove(tx, tenant, KIND, self.form.0).await).await
    }
}
