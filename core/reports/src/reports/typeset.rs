//! Lines of text as glyphs: parts of one direction and one font, in the order in which they are seen (UAX #9).
use harfrust::{Direction, FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use kernel::{Error, Result};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};

/// How heavy a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

struct Face {
    font: Font,
    reference: FontRef<'static>,
    data: ShaperData,
}

/// The fonts of a page: Noto Sans for what is written from left to right, Noto Sans Arabic, each in both weights.
pub(crate) struct Faces([Face; 4]);

/// Glyphs of one font with the text they show; widths are parts of the size.
pub(crate) struct Part {
    pub font: Font,
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
}

/// A line from left to right.
pub(crate) struct Line {
    pub parts: Vec<Part>,
    /// As a part of the size.
    pub width: f32,
}

impl Faces {
    /// Reads the fonts.
    pub fn new() -> Result<Self> {
        let face = |bytes: &'static [u8]| {
            let reference = FontRef::new(bytes).map_err(Error::internal)?;
            let font = Font::new(bytes.into(), 0).ok_or_else(|| Error::internal("a font that cannot be read"))?;
            Ok::<_, Error>(Face { font, data: ShaperData::new(&reference), reference })
        };
        Ok(Faces([
            face(include_bytes!("../../fonts/NotoSans-Regular.ttf"))?,
            face(include_bytes!("../../fonts/NotoSans-Bold.ttf"))?,
            face(include_bytes!("../../fonts/NotoSansArabic-Regular.ttf"))?,
            face(include_bytes!("../../fonts/NotoSansArabic-Bold.ttf"))?,
        ]))
    }

    /// Sets one line. Whatever breaks or controls lines is a space.
    pub fn set(&self, text: &str, weight: Weight, right_to_left: bool) -> Line {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let base = if right_to_left { Level::rtl() } else { Level::ltr() };
        let bidi = BidiInfo::new(&text, Some(base));
        let mut parts = vec![];
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let backwards = levels[run.start].is_rtl();
                let mut of_run: Vec<Part> = by_script(&text, run)
                    .into_iter()
                    .map(|(arabic, range)| {
                        let face = usize::from(weight == Weight::Bold) + if arabic { 2 } else { 0 };
                        self.0[face].shape(&text[range], backwards)
                    })
                    .collect();
                if backwards {
                    of_run.reverse();
                }
                parts.append(&mut of_run);
            }
        }
        let width = parts.iter().map(|part| part.width).sum();
        Line { parts, width }
    }
}

/// Ranges that one font shows; whether it is the Arabic one. Spaces and signs of both stay with what stands before them.
fn by_script(text: &str, run: Range<usize>) -> Vec<(bool, Range<usize>)> {
    let mut found: Vec<(bool, Range<usize>)> = vec![];
    for (at, c) in text[run.clone()].char_indices() {
        let (start, end) = (run.start + at, run.start + at + c.len_utf8());
        let arabic = match c {
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' => true,
            '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => true,
            ' ' | '.' | ':' | '!' => found.last().is_some_and(|(arabic, _)| *arabic),
            _ => false,
        };
        match found.last_mut() {
            Some((same, range)) if *same == arabic => range.end = end,
            _ => found.push((arabic, start..end)),
        }
    }
    found
}

impl Face {
    fn shape(&self, text: &str, backwards: bool) -> Part {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(if backwards { Direction::RightToLeft } else { Direction::LeftToRight });
        let shaped = self.data.shaper(&self.reference).build().shape(buffer, ShapeOptions::new());
        let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        starts.sort_unstable();
        let units = self.font.units_per_em();
        let glyph = |(info, place): (&harfrust::GlyphInfo, &harfrust::GlyphPosition)| {
            let start = info.cluster as usize;
            let next = starts.partition_point(|other| *other <= start);
            let range = start..starts.get(next).copied().unwrap_or(text.len());
            let part = |value: i32| value as f32 / units;
            let (advance, x, y) = (part(place.x_advance), part(place.x_offset), part(place.y_offset));
            KrillaGlyph::new(GlyphId::new(info.glyph_id), advance, x, y, part(place.y_advance), range, None)
        };
        let glyphs: Vec<KrillaGlyph> = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(glyph).collect();
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        Part { font: self.font.clone(), text: text.to_owned(), glyphs, width }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_is_joined_and_stands_from_right_to_left() {
        let faces = Faces::new().unwrap();
        // Three letters that join have other glyphs than each alone.
        let alone: Vec<GlyphId> = ["ع", "م", "ل"]
            .iter()
            .map(|letter| faces.set(letter, Weight::Regular, true).parts[0].glyphs[0].glyph_id)
            .collect();
        let word = faces.set("عمل", Weight::Regular, true);
        let glyphs = &word.parts[0].glyphs;
        assert!(glyphs.len() == 3 && glyphs.iter().all(|glyph| glyph.glyph_id.to_u32() > 0));
        assert!(glyphs.iter().all(|glyph| !alone.contains(&glyph.glyph_id)), "forms of the middle and the ends");
        assert_eq!(glyphs[0].text_range.end, "عمل".len(), "the last letter is the leftmost");
        // A name and a number inside an Arabic line keep their direction, and stand left of what was said before them.
        let line = faces.set("صفقة Acme 12", Weight::Bold, true);
        let seen: Vec<&str> = line.parts.iter().map(|part| part.text.trim()).collect();
        assert_eq!(seen, ["Acme 12", "صفقة"]);
    }
}
