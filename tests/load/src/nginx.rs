//! nginx, the yardstick for serving bytes, and wrk, which asks the same of both.
use crate::programs::{self, Program};
use anyhow::{Context, Result, bail};
use std::{fs, net::SocketAddr, path::Path, time::Duration};

/// A self-signed certificate for localhost as two PEM files: `certificate.pem` and `key.pem`.
///
/// # Errors
/// They cannot be written.
pub fn certificate(folder: &Path) -> Result<()> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
    fs::write(folder.join("certificate.pem"), made.cert.pem())?;
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem())?;
    Ok(())
}

/// Serves the files of `folder/www`, one process on one processor, in the clear and over TLS.
///
/// `/empty` answers 204, and `/edge/…` answers as a core that took a form would.
///
/// # Errors
/// nginx is not installed.
pub fn serve(folder: &Path, cpu: Option<usize>) -> Result<(Program, SocketAddr, SocketAddr)> {
    let plain = SocketAddr::from(([127, 0, 0, 1], programs::free_port()?));
    let tls = SocketAddr::from(([127, 0, 0, 1], programs::free_port()?));
    let folder_text = folder.to_string_lossy();
    let text = format!(
        "daemon off; master_process off; pid {folder_text}/nginx.pid; error_log {folder_text}/nginx.log crit;\n\
         events {{ worker_connections 2048; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 1000000000;\n\
           client_body_temp_path {folder_text}/t1; proxy_temp_path {folder_text}/t2; fastcgi_temp_path {folder_text}/t3;\n\
           uwsgi_temp_path {folder_text}/t4; scgi_temp_path {folder_text}/t5;\n\
           types {{ text/html html; text/javascript js; }}\n\
           server {{ listen {plain}; listen {tls} ssl; root {folder_text}/www;\n\
             ssl_certificate {folder_text}/certificate.pem; ssl_certificate_key {folder_text}/key.pem;\n\
             ssl_protocols TLSv1.3;\n\
             location = /empty {{ return 204; }}\n\
             location /edge/ {{ default_type application/json;\n\
               return 201 '{{\"submission\":\"sub_0\",\"state\":\"received\",\"outcome\":{{}}}}'; }} }} }}\n"
    );
    let config = folder.join("nginx.conf");
    fs::write(&config, text)?;
    let mut command = programs::command("nginx", cpu);
    command.arg("-c").arg(&config).arg("-p").arg(folder);
    let program = Program::foreign("nginx (Debian package nginx-light)", command, plain)?;
    Ok((program, plain, tls))
}

/// What wrk asks.
#[derive(Debug, Clone)]
pub struct Question {
    /// GET or POST.
    pub method: &'static str,
    /// Path and query.
    pub target: String,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Status of a good answer.
    pub status: u16,
}

/// How many requests one stretch of wrk brought, and how long it took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// Answers.
    pub requests: u64,
    /// A second.
    pub per_second: f64,
}

/// Asks the same thing on 32 connections for a while.
///
/// # Errors
/// wrk is not installed, or an answer was not the expected one.
pub fn ask(folder: &Path, url: &str, question: &Question, time: Duration, cpu: Option<usize>) -> Result<Asked> {
    let mut script = format!("wrk.method = {:?}\n", question.method);
    for (name, value) in &question.headers {
        script.push_str(&format!("wrk.headers[{name:?}] = {value:?}\n"));
    }
    if question.method == "POST" {
        script.push_str("wrk.body = \"{}\"\nwrk.headers[\"content-type\"] = \"application/json\"\n");
    }
    let file = folder.join("question.lua");
    fs::write(&file, script)?;
    let mut command = programs::command("wrk", cpu);
    command.args(["--threads", "1", "--connections", "32", "--duration", &format!("{}s", time.as_secs().max(1))]);
    command.arg("--script").arg(&file).arg(format!("{url}{}", question.target));
    let output = command.output().context("cannot run wrk (Debian package wrk)")?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("wrk failed: {said} {}", String::from_utf8_lossy(&output.stderr));
    }
    parse(&said, question.status)
}

fn parse(said: &str, status: u16) -> Result<Asked> {
    let number = |marker: &str| {
        let line = said.lines().find(|line| line.contains(marker))?;
        line.trim()
            .trim_start_matches("Requests/sec:")
            .trim_start_matches("Non-2xx or 3xx responses:")
            .split_whitespace()
            .next()?
            .parse::<f64>()
            .ok()
    };
    let requests = number(" requests in ").context("wrk said something else")? as u64;
    let refused = number("Non-2xx or 3xx responses:").unwrap_or(0.0) as u64;
    let expected = if (200..400).contains(&status) { 0 } else { requests };
    // One answer more or less may be cut off by the end.
    if refused.abs_diff(expected) > 64 || said.contains("Socket errors") {
        bail!("{refused} of {requests} answers were no success, {expected} should be: {said}");
    }
    Ok(Asked { requests, per_second: number("Requests/sec:").unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Running 2s test @ http://127.0.0.1:1/x\n  1 threads and 32 connections\n  41234 requests in 2.00s, 5.00MB read\n\
                        Requests/sec:  20617.12\nTransfer/sec:      2.5MB\n";

    #[test]
    fn wrk_is_understood() {
        assert_eq!(parse(SAID, 200).unwrap(), Asked { requests: 41234, per_second: 20617.12 });
        assert!(parse(SAID, 403).is_err(), "none was refused");
        let refused = format!("{SAID}  Non-2xx or 3xx responses: 41234\n");
        assert_eq!(parse(&refused, 403).unwrap().requests, 41234);
        assert!(parse(&refused, 200).is_err());
    }
}
