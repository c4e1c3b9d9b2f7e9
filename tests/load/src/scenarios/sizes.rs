//! What is downloaded and started.
use super::frame_target;
use crate::{
    http::{self, Connection},
    programs::Program,
    report::{Figure, Goal},
    scenarios::{borrowed, frame_headers},
    world::{PAGE, World},
};
use anyhow::{Context, Result};
use std::{fs, time::Instant};

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let dist = xtask::project_root().join("widgets/dist");
    let manifest = fs::read_to_string(dist.join("manifest.json")).context("the widgets are not built")?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest)?;
    let compressed = |name: &str| -> Result<f64> {
        let file = dist.join(format!("{name}.br"));
        Ok(fs::metadata(&file).with_context(|| file.display().to_string())?.len() as f64)
    };
    let form = &manifest["widgets"]["form"];
    let (script, style) = (form["js"].as_str().context("no script")?, form["css"].as_str().context("no style")?);
    let loader = compressed(manifest["loader"].as_str().context("no loader")?)? / 1000.0;
    let whole = (compressed(script)? + compressed(style)?) / 1024.0;
    let binary = fs::metadata(xtask::build::binary("embed-edge")?)?.len() as f64 / 1024.0 / 1024.0;
    let config = world.config("edge-start", "sites", &[])?;
    let (mut loaders, mut frames, mut document) = (vec![], vec![], 0);
    for _ in 0..world.scale.rounds {
        let begun = Instant::now();
        let edge = Program::ours("embed-edge", &config, &["serve"], 2, None)?;
        let address = edge.address()?;
        let mut connection = Connection::new(address);
        connection.send(&http::request("GET", "/v1/loader.js", address, &[], ""))?.expect(200)?;
        loaders.push(begun.elapsed().as_secs_f64() * 1000.0);
        let widget = super::widgets::all_widgets(world)?.into_iter().next().context("no widgets")?;
        let begun = begun.elapsed();
        let at = Instant::now();
        let frame = http::request("GET", &frame_target(&widget, PAGE), address, &borrowed(&frame_headers(PAGE)), "");
        let answer = connection.send(&frame)?;
        answer.expect(200)?;
        document = answer.body.len();
        frames.push((begun + at.elapsed()).as_secs_f64() * 1000.0);
    }
    Ok(vec![
        Figure::new("loader, brotli", Goal::AtMost(4.0), "KB", vec![loader], "the built file, quality 11"),
        Figure::new(
            "form widget in all, brotli",
            Goal::AtMost(18.0),
            "KB",
            vec![whole],
            "script and style, quality 11",
        ),
        Figure::new(
            "frame document",
            Goal::AtMost(14.0),
            "KB",
            vec![document as f64 / 1024.0],
            "not compressed: its token differs each time; the form is in it",
        ),
        Figure::new("binary of the edge", Goal::AtMost(20.0), "MB", vec![binary], "release, stripped"),
        Figure::new("edge from start to its first 200", Goal::AtMost(500.0), "ms", loaders, "the loader"),
        Figure::new("… to its first frame", Goal::Recorded, "ms", frames, "from the database"),
    ])
}
