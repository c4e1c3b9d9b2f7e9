//! Logs, metrics and health: what an operator sees.
use crate::{Result, config::Telemetry, error::Error, module::App};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use poem::{Response, handler, http::StatusCode, web::Data};
use std::sync::{Arc, OnceLock};

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts logging; call once at the start of a program.
pub fn init(config: &Telemetry) -> Result<()> {
    use tracing_subscriber::{EnvFilter, fmt, prelude::*};
    let filter = EnvFilter::try_new(&config.log).map_err(|e| Error::internal(format!("telemetry.log: {e}")))?;
    let registry = tracing_subscriber::registry().with(filter);
    // Why ignoring: tests start several programs in one process, the first subscriber serves them all.
    let _ = match config.json {
        true => registry.with(fmt::layer().json().with_writer(std::io::stderr)).try_init(),
        false => registry.with(fmt::layer().with_writer(std::io::stderr)).try_init(),
    };
    metrics_handle();
    Ok(())
}

/// How this process calls itself to the database: version, machine and process. The administration sees by it which
/// programs are connected.
pub fn instance() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        // Postgres cuts names at 63 bytes.
        let host: String = host.trim().chars().filter(char::is_ascii_graphic).take(24).collect();
        format!("{} {host}:{}", env!("CARGO_PKG_VERSION"), std::process::id())
    })
}

/// The process's metrics; the first call installs the recorder.
pub fn metrics_handle() -> Option<&'static PrometheusHandle> {
    if METRICS.get().is_none()
        && let Ok(handle) = PrometheusBuilder::new().install_recorder()
    {
        let _ = METRICS.set(handle);
    }
    METRICS.get()
}

/// `GET /metrics`: Prometheus text.
#[handler]
pub fn metrics() -> Response {
    let text = metrics_handle().map(PrometheusHandle::render).unwrap_or_default();
    Response::builder().content_type("text/plain; version=0.0.4").body(text)
}

/// `GET /healthz`: the process answers.
#[handler]
pub fn healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: 200 when the database answers and no stop was asked for, else 503 with what is wrong.
#[handler]
pub async fn readyz(Data(app): Data<&Arc<App>>) -> Response {
    let database =
        app.control(app.system("readyz"), async |tx| tx.value::<i32>(crate::sql!("select 1"), &[]).await).await;
    let problem = match database {
        _ if app.stop.is_cancelled() => Some("stopping"),
        Err(_) => Some("database"),
        Ok(_) => None,
    };
    match problem {
        None => Response::builder().content_type("application/json").body(r#"{"ready":true}"#),
        Some(what) => Response::builder()
            .status(StatusCode::SERVICE_UNAVAILABLE)
            .header("Retry-After", "1")
            .content_type("application/json")
            .body(format!(r#"{{"ready":false,"problem":"{what}"}}"#)),
    }
}
