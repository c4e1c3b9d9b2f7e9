//! Reports as pages to print: figures, drawings and tables in the look of the brand, from right to left where it is read so.
use super::{
    file::{Writing, said},
    model::{Line, Number, Report, ReportDimension, ReportDrawing, ReportUnit, Table},
    typeset::{self, Faces, Weight},
};
use chrono::{DateTime, Datelike, Utc};
use kernel::{Error, Result};
use krilla::{
    Document, SerializeSettings,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::{self, Metadata, TextDirection},
    page::PageSettings,
    paint::Fill,
};
use std::collections::BTreeMap;

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 44.0;
const INNER: f32 = WIDTH - 2.0 * MARGIN;
/// Where a page is full; below stands its foot.
const FULL: f32 = HEIGHT - 60.0;
/// Height of a drawing of columns.
const DRAWING: f32 = 84.0;
/// Width of the bars of a table.
const BARS: f32 = 110.0;

type Color = (u8, u8, u8);
const TEXT: Color = (26, 28, 34);
const MUTED: Color = (98, 103, 115);
const HAIR: Color = (222, 224, 230);
const SOFT: Color = (246, 247, 249);

#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    End,
}

/// What is on a page, in points from its left top corner.
enum Mark {
    Area { rect: (f32, f32, f32, f32), color: Color },
    Words { at: (f32, f32), size: f32, color: Color, line: typeset::Line },
}

/// How words look.
#[derive(Clone, Copy)]
struct Look(Weight, f32, Color);

/// Pages as they fill. Sides are those of reading: the start is the right one where it is read from right to left.
struct Pages<'a> {
    faces: &'a Faces,
    mirrored: bool,
    done: Vec<Vec<Mark>>,
    /// How far down the last page is used.
    y: f32,
}

/// The file.
pub(crate) fn pdf(report: &Report, writing: &Writing, now: DateTime<Utc>) -> Result<Vec<u8>> {
    let mirrored = writing.language.is_right_to_left();
    let pages = composed(&Faces::new()?, report, writing, now);
    let title = writing.language.word("kind", report.kind.as_str());
    let day = metadata::DateTime::new(u16::try_from(now.year()).unwrap_or_default())
        .month(u8::try_from(now.month()).unwrap_or(1))
        .day(u8::try_from(now.day()).unwrap_or(1));
    let about = Metadata::new()
        .title(format!("{title} – {}", writing.brand.name))
        .authors(vec![writing.brand.name.clone()])
        .language(if mirrored { "ar" } else { "en" }.to_owned())
        .text_direction(if mirrored { TextDirection::RightToLeft } else { TextDirection::LeftToRight })
        .creation_date(day);
    draw(pages, about)
}

/// What stands on each page.
fn composed(faces: &Faces, report: &Report, writing: &Writing, now: DateTime<Utc>) -> Vec<Vec<Mark>> {
    let accent = color_of(&writing.brand.accent);
    let mirrored = writing.language.is_right_to_left();
    let mut pages = Pages { faces, mirrored, done: vec![vec![]], y: MARGIN };
    head(&mut pages, report, writing, accent);
    figures(&mut pages, report, writing);
    for table in &report.tables {
        self::table(&mut pages, table, writing, accent);
    }
    feet(&mut pages, writing, now);
    pages.done
}

fn head(pages: &mut Pages<'_>, report: &Report, writing: &Writing, accent: Color) {
    pages.area((0.0, 0.0, WIDTH, 7.0), accent);
    pages.words(&writing.brand.name, Look(Weight::Bold, 10.5, accent), (MARGIN, INNER), At::Start);
    pages.y += 28.0;
    let title = writing.language.word("kind", report.kind.as_str());
    pages.words(title, Look(Weight::Bold, 22.0, TEXT), (MARGIN, INNER), At::Start);
    pages.y += 19.0;
    let mut days = format!("{} ({})", writing.days(&report.days), report.zone);
    if let Some(before) = &report.before {
        let compared = writing.language.word("file", "compared");
        days.push_str(&format!(", {compared} {}", writing.days(before)));
    }
    pages.words(&days, Look(Weight::Regular, 9.5, MUTED), (MARGIN, INNER), At::Start);
    pages.y += 26.0;
}

/// Three figures beside each other, each with its numbers below it.
fn figures(pages: &mut Pages<'_>, report: &Report, writing: &Writing) {
    const BESIDE: usize = 3;
    const GAP: f32 = 10.0;
    let width = (INNER - GAP * (BESIDE as f32 - 1.0)) / BESIDE as f32;
    for row in report.figures.chunks(BESIDE) {
        let most = row.iter().map(|figure| figure.numbers.len()).max().unwrap_or(0).max(1);
        let height = 24.0 + 30.0 * most as f32;
        pages.room(height + GAP);
        let top = pages.y - 10.0;
        for (i, figure) in row.iter().enumerate() {
            let start = MARGIN + i as f32 * (width + GAP);
            let inside = (start + 10.0, width - 20.0);
            pages.area((start, top, width, height), SOFT);
            pages.y = top + 17.0;
            pages.words(writing.measure(&figure.key), Look(Weight::Regular, 8.5, MUTED), inside, At::Start);
            pages.y += 19.0;
            for number in &figure.numbers {
                let of = |value| said(writing, figure.unit, value, number.currency.as_deref());
                let now = of(number.value).unwrap_or_else(|| "–".to_owned());
                pages.words(&now, Look(Weight::Bold, 14.0, TEXT), inside, At::Start);
                pages.y += 11.0;
                if let Some(before) = of(number.before) {
                    let before = format!("{}: {before}", writing.language.word("file", "before"));
                    pages.words(&before, Look(Weight::Regular, 8.0, MUTED), inside, At::Start);
                }
                pages.y += 19.0;
            }
        }
        pages.y = top + height + GAP + 10.0;
    }
}

/// One table with its drawing; its head stands again on each page.
fn table(pages: &mut Pages<'_>, table: &Table, writing: &Writing, accent: Color) {
    let title = writing.language.word("table", &table.key);
    let title = table.about.as_ref().map_or_else(|| title.to_owned(), |about| format!("{about} – {title}"));
    pages.room(90.0);
    pages.y += 22.0;
    pages.words(&title, Look(Weight::Bold, 12.0, TEXT), (MARGIN, INNER), At::Start);
    pages.y += 14.0;
    if table.drawing == ReportDrawing::Columns {
        columns(pages, table, writing, accent);
    }
    let bars = matches!(table.drawing, ReportDrawing::Bars | ReportDrawing::Funnel) && table.columns.len() < 5;
    let most = most_of(table);
    let label = if table.columns.len() > 4 { 118.0 } else { 150.0 };
    let first = label + if bars { BARS + 14.0 } else { 0.0 };
    let width = (INNER - first) / table.columns.len().max(1) as f32;
    let places: Vec<(f32, f32)> =
        (0..table.columns.len()).map(|i| (MARGIN + first + i as f32 * width + 4.0, width - 4.0)).collect();
    let heading = |pages: &mut Pages<'_>| {
        let top = pages.y;
        let mut lowest = top;
        for (column, place) in table.columns.iter().zip(&places) {
            pages.y = top + 10.0;
            for line in pages.broken(writing.measure(&column.key), Weight::Regular, 8.0, place.1) {
                pages.words(&line, Look(Weight::Regular, 8.0, MUTED), *place, At::End);
                pages.y += 10.0;
            }
            lowest = lowest.max(pages.y);
        }
        pages.y = lowest - 5.0;
        pages.area((MARGIN, pages.y, INNER, 0.7), HAIR);
    };
    heading(pages);
    for line in &table.lines {
        let compared = line.numbers.iter().any(|number| number.before.is_some());
        let height = if compared { 27.0 } else { 17.0 };
        if pages.room(height) {
            heading(pages);
        }
        let top = pages.y;
        pages.y = top + 12.0;
        let name = label_of(writing, table, line);
        pages.words(&name, Look(Weight::Regular, 9.0, TEXT), (MARGIN, label - 8.0), At::Start);
        let most = most.get(&line.label.currency.as_deref()).copied().unwrap_or(0);
        if let Some(value) = line.numbers.first().and_then(|number| number.value).filter(|_| bars && most > 0) {
            let length = BARS * value.max(0) as f32 / most as f32;
            pages.area((MARGIN + label, top + 5.0, length.max(0.8), 8.0), accent);
        }
        for ((column, number), place) in table.columns.iter().zip(&line.numbers).zip(&places) {
            cell(pages, writing, (column.unit, number), *place);
        }
        pages.y = top + height;
        pages.area((MARGIN, pages.y, INNER, 0.4), HAIR);
    }
}

/// What a whole bar stands for. Those of one currency are compared with each other, as nothing is converted; a share is a part of
/// everything there is.
fn most_of(table: &Table) -> BTreeMap<Option<&str>, i64> {
    let is_share = table.columns.first().is_some_and(|column| column.unit == ReportUnit::Share);
    let mut most = BTreeMap::new();
    for line in &table.lines {
        let value = if is_share { 10_000 } else { line.numbers.first().and_then(|number| number.value).unwrap_or(0) };
        let known = most.entry(line.label.currency.as_deref()).or_insert(0);
        *known = value.max(*known);
    }
    most
}

/// A number, with the one before below it.
fn cell(pages: &mut Pages<'_>, writing: &Writing, (unit, number): (ReportUnit, &Number), place: (f32, f32)) {
    let of = |value| said(writing, unit, value, number.currency.as_deref());
    let Some(now) = of(number.value) else { return };
    pages.words(&now, Look(Weight::Regular, 9.0, TEXT), place, At::End);
    if let Some(before) = of(number.before) {
        pages.y += 10.0;
        pages.words(&before, Look(Weight::Regular, 7.5, MUTED), place, At::End);
        pages.y -= 10.0;
    }
}

fn label_of(writing: &Writing, table: &Table, line: &Line) -> String {
    let name = writing.label(table.dimension, &line.label);
    match &line.label.currency {
        Some(currency) => format!("{name} ({currency})"),
        None => name,
    }
}

/// Columns along time by the first number of each line, a drawing for each currency.
fn columns(pages: &mut Pages<'_>, table: &Table, writing: &Writing, accent: Color) {
    let mut currencies: Vec<Option<&str>> = vec![];
    for line in &table.lines {
        let currency = line.label.currency.as_deref();
        if !currencies.contains(&currency) {
            currencies.push(currency);
        }
    }
    let Some(unit) = table.columns.first().map(|column| column.unit) else { return };
    for currency in currencies {
        let fits = |line: &&Line| line.label.currency.as_deref() == currency;
        let lines: Vec<&Line> = table.lines.iter().filter(fits).filter(|line| line.label.from.is_some()).collect();
        let value = |line: &Line| line.numbers.first().and_then(|number| number.value).unwrap_or(0).max(0);
        let most = lines.iter().map(|line| value(line)).max().unwrap_or(0);
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { continue };
        if most == 0 || lines.len() < 2 {
            continue;
        }
        pages.room(DRAWING + 44.0);
        let top = pages.y + 12.0;
        pages.y = top;
        let money = first.numbers.first().and_then(|number| number.currency.as_deref()).or(currency);
        let scale = said(writing, unit, Some(most), money).unwrap_or_default();
        pages.words(&scale, Look(Weight::Regular, 8.0, MUTED), (MARGIN, INNER), At::Start);
        let (floor, step) = (top + 6.0 + DRAWING, INNER / lines.len() as f32);
        for (i, line) in lines.iter().enumerate() {
            let height = DRAWING * value(line) as f32 / most as f32;
            let wide = (step * 0.7).min(26.0);
            let start = MARGIN + i as f32 * step + (step - wide) / 2.0;
            pages.area((start, floor - height, wide, height), accent);
        }
        pages.area((MARGIN, floor, INNER, 0.7), HAIR);
        pages.y = floor + 12.0;
        for (line, side) in [(first, At::Start), (last, At::End)] {
            let name = writing.label(ReportDimension::Time, &line.label);
            pages.words(&name, Look(Weight::Regular, 8.0, MUTED), (MARGIN, INNER), side);
        }
        pages.y += 10.0;
    }
}

/// On each page whose it is, when it was made, and which page it is.
fn feet(pages: &mut Pages<'_>, writing: &Writing, now: DateTime<Utc>) {
    let count = pages.done.len();
    let look = Look(Weight::Regular, 8.0, MUTED);
    let made = format!("{} · {} {}", writing.brand.name, writing.language.word("file", "made"), now.date_naive());
    let all = std::mem::take(&mut pages.done);
    for (i, marks) in all.into_iter().enumerate() {
        pages.done.push(marks);
        pages.y = HEIGHT - 30.0;
        pages.words(&made, look, (MARGIN, INNER), At::Start);
        let page = format!("{} {} / {count}", writing.language.word("file", "page"), i + 1);
        pages.words(&page, look, (MARGIN, INNER), At::End);
    }
}

impl Pages<'_> {
    /// Begins a page when the last one has not so much room; whether it did.
    fn room(&mut self, height: f32) -> bool {
        if self.y + height <= FULL {
            return false;
        }
        self.done.push(vec![]);
        self.y = MARGIN;
        true
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.done.last_mut() {
            page.push(mark);
        }
    }

    /// An area, from the start of the page.
    fn area(&mut self, (start, top, width, height): (f32, f32, f32, f32), color: Color) {
        let left = if self.mirrored { WIDTH - start - width } else { start };
        self.mark(Mark::Area { rect: (left, top, width, height), color });
    }

    /// A line of words on the place from `start`, cut where it is longer.
    fn words(&mut self, text: &str, Look(weight, size, color): Look, (start, width): (f32, f32), side: At) {
        let line = self.fitting(text, weight, width / size);
        let long = line.width * size;
        let at_left = (side == At::Start) != self.mirrored;
        let left = if self.mirrored { WIDTH - start - width } else { start };
        let x = if at_left { left } else { left + width - long };
        self.mark(Mark::Words { at: (x, self.y), size, color, line });
    }

    /// The line, or as much of it as fits, with an ellipsis.
    fn fitting(&self, text: &str, weight: Weight, most: f32) -> typeset::Line {
        let line = self.faces.set(text, weight, self.mirrored);
        if line.width <= most {
            return line;
        }
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let cut = |count: usize| {
            let kept = text[..ends[count]].trim_end();
            self.faces.set(&format!("{kept}…"), weight, self.mirrored)
        };
        let (mut fits, mut too_long) = (0, ends.len().saturating_sub(1));
        while fits < too_long {
            let middle = (fits + too_long).div_ceil(2);
            if cut(middle).width <= most { fits = middle } else { too_long = middle - 1 }
        }
        cut(fits)
    }

    /// The words on one line or two.
    fn broken(&self, text: &str, weight: Weight, size: f32, width: f32) -> Vec<String> {
        let fits = |text: &str| self.faces.set(text, weight, self.mirrored).width * size <= width;
        let breaks: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        match breaks.iter().rev().find(|at| fits(&text[..**at])).filter(|_| !fits(text)) {
            Some(at) => vec![text[..*at].to_owned(), text[at + 1..].to_owned()],
            None => vec![text.to_owned()],
        }
    }
}

fn draw(pages: Vec<Vec<Mark>>, about: Metadata) -> Result<Vec<u8>> {
    let settings = SerializeSettings { enable_tagging: false, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(about);
    for marks in pages {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Error::internal("no size of a page"))?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for mark in marks {
            let fill = |(r, g, b)| Some(Fill { paint: rgb::Color::new(r, g, b).into(), ..Fill::default() });
            match mark {
                Mark::Area { rect: (x, y, width, height), color } => {
                    let mut path = PathBuilder::new();
                    if let Some(rect) = Rect::from_xywh(x, y, width, height) {
                        path.push_rect(rect);
                    }
                    surface.set_fill(fill(color));
                    path.finish().iter().for_each(|path| surface.draw_path(path));
                }
                Mark::Words { at: (mut x, y), size, color, line } => {
                    surface.set_fill(fill(color));
                    for part in line.parts {
                        surface.draw_glyphs(Point::from_xy(x, y), &part.glyphs, part.font, &part.text, size, false);
                        x += part.width * size;
                    }
                }
            }
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| Error::internal(format!("{error:?}")))
}

/// `#rrggbb`; what cannot be read is black.
fn color_of(text: &str) -> Color {
    let part = |at: usize| text.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
    (part(1), part(3), part(5))
}

#[cfg(test)]
mod tests {
    use super::{super::words::Language, *};
    use crate::reports::{ReportCompare, ReportKind, ReportSpan, model};
    use chrono::NaiveDate;
    use tenants::brands::Branding;

    fn number(value: i64, before: Option<i64>, currency: Option<&str>) -> Number {
        Number { value: Some(value), before, currency: currency.map(str::to_owned), rows: None }
    }

    fn sample(lines: u32) -> Report {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let figure = |key: &str, unit, numbers| model::Figure { key: key.to_owned(), unit, numbers };
        let column = |key: &str, unit| model::Column { key: key.to_owned(), unit };
        let months = (1..=11).map(|month| model::Line {
            label: model::Label {
                from: Some(day(month, 1)),
                until: Some(day(month, 28)),
                currency: Some("EUR".into()),
                ..model::Label::default()
            },
            numbers: vec![
                number(i64::from(month * month) * 123_450, None, Some("EUR")),
                number(month.into(), None, None),
            ],
        });
        let sources = (0..lines).map(|n| model::Line {
            label: model::Label {
                text: Some(if n == 0 { "معرض Berlin 2026".into() } else { format!("Source {n}") }),
                ..model::Label::default()
            },
            numbers: vec![number((lines - n).into(), Some(3), None), number(9_050, None, None)],
        });
        Report {
            kind: ReportKind::Revenue,
            span: ReportSpan::ThisYear,
            compare: ReportCompare::Before,
            days: model::ReportDays { from: day(1, 1), until: day(12, 31) },
            before: Some(model::ReportDays { from: day(1, 1), until: day(11, 30) }),
            zone: "Europe/Berlin".into(),
            figures: vec![
                figure("won_value", ReportUnit::Money, vec![number(123_456_789, Some(100), Some("EUR")), number(5_000, None, Some("KWD"))]),
                figure("deals_won", ReportUnit::Count, vec![number(1_204, Some(1_100), None)]),
                figure("win_rate", ReportUnit::Share, vec![number(9_050, None, None)]),
                figure("median_time", ReportUnit::Seconds, vec![number(864_000, None, None)]),
            ],
            tables: vec![
                Table {
                    key: "won_by_month".into(),
                    dimension: ReportDimension::Time,
                    about: None,
                    drawing: ReportDrawing::Columns,
                    columns: vec![column("won_value", ReportUnit::Money), column("deals_won", ReportUnit::Count)],
                    lines: months.collect(),
                },
                Table {
                    key: "by_source".into(),
                    dimension: ReportDimension::Source,
                    about: Some("A pipeline with a name that is far too long for one line of a page, as people give them to things".into()),
                    drawing: ReportDrawing::Bars,
                    columns: vec![column("deals_closed", ReportUnit::Count), column("win_rate", ReportUnit::Share)],
                    lines: sources.collect(),
                },
            ],
        }
    }

    fn writing(language: Language) -> Writing {
        let brand = Branding {
            name: "Northlight & Söhne".into(),
            logo_url: None,
            accent: "#0f766e".into(),
            on_accent: "#ffffff".into(),
            legal_links: vec![],
            sky: true,
        };
        Writing { language, keys: false, names: Default::default(), brand }
    }

    #[test]
    fn bars_of_one_currency_are_compared_with_each_other() {
        let mut report = sample(3);
        for (line, currency) in report.tables[1].lines.iter_mut().zip(["EUR", "EUR", "JPY"]) {
            line.label.currency = Some(currency.into());
        }
        let faces = Faces::new().unwrap();
        let pages = composed(&faces, &report, &writing(Language::English), "2026-11-20T12:00:00Z".parse().unwrap());
        let bars = |part: f32| {
            let drawn = pages.iter().flatten().filter(|mark| match mark {
                Mark::Area { rect: (.., width, height), .. } => *height == 8.0 && (width - BARS * part).abs() < 0.1,
                Mark::Words { .. } => false,
            });
            drawn.count()
        };
        assert_eq!((bars(1.0), bars(2.0 / 3.0), bars(1.0 / 3.0)), (2, 1, 0));
    }

    #[test]
    fn everything_stands_on_its_page_and_begins_where_it_is_read_from() {
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let faces = Faces::new().unwrap();
        for language in [Language::English, Language::Arabic] {
            let report = sample(60);
            let pages = composed(&faces, &report, &writing(language), now);
            assert_eq!(pages.len(), 4, "{language:?}");
            let (mut words, mut ends) = (0, vec![]);
            for mark in pages.iter().flatten() {
                let (x, y, width, height) = match mark {
                    Mark::Area { rect, .. } => *rect,
                    Mark::Words { at: (x, y), size, line, .. } => {
                        words += 1;
                        ends.push((*size, *x, x + line.width * size));
                        (*x, y - size, line.width * size, *size)
                    }
                };
                assert!(x >= -0.1 && x + width <= WIDTH + 0.1, "{language:?}: {x} {width}");
                assert!(y >= 0.0 && y + height <= HEIGHT, "{language:?}: {y} {height}");
            }
            // Each line of both tables, with what it is about and its numbers.
            assert!(words > 11 * 3 + 60 * 3, "{words}");
            let title = ends.iter().find(|(size, ..)| *size == 22.0).unwrap();
            let side = if language == Language::Arabic { WIDTH - title.2 } else { title.1 };
            assert!((side - MARGIN).abs() < 0.1, "{language:?}: {side}");
            let file = pdf(&report, &writing(language), now).unwrap();
            assert!(file.starts_with(b"%PDF-") && file.len() < 150_000, "{} bytes: only used glyphs", file.len());
        }
    }
}
