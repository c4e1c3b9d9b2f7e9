//! Places in a stage: keys that compare byte by byte, with room for another between any two.
//!
//! A key is an integer with a length in its first letter, then a fraction. Adding at an end counts the integer up or
//! down, so keys stay short however many cards come and go; only dividing the same gap again and again makes them longer.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The length above which a stage's places are given anew.
pub const LONG: usize = 100;

/// A key between two others (`None`: no bound); `None` when they leave no room or are no keys.
pub fn between(low: Option<&str>, high: Option<&str>) -> Option<String> {
    match (low, high) {
        (None, None) => Some("a0".to_owned()),
        (None, Some(high)) => {
            let (integer, fraction) = split(high)?;
            if !fraction.is_empty() {
                // An integer alone is below itself with a fraction.
                return Some(integer.to_owned());
            }
            counted(integer, false)
        }
        (Some(low), None) => {
            let (integer, fraction) = split(low)?;
            match counted(integer, true) {
                Some(higher) => Some(higher),
                None => Some(format!("{integer}{}", middle(fraction, None))),
            }
        }
        (Some(low), Some(high)) if low < high => {
            let ((integer, fraction), (above, limit)) = (split(low)?, split(high)?);
            if integer == above {
                return Some(format!("{integer}{}", middle(fraction, Some(limit))));
            }
            match counted(integer, true) {
                Some(next) if next.as_str() < high => Some(next),
                _ => Some(format!("{integer}{}", middle(fraction, None))),
            }
        }
        _ => None,
    }
}

/// `count` ascending keys above one.
pub fn above(low: Option<&str>, count: usize) -> Option<Vec<String>> {
    let mut keys: Vec<String> = vec![];
    for _ in 0..count {
        keys.push(between(keys.last().map(String::as_str).or(low), None)?);
    }
    Some(keys)
}

/// Length of the integer part: `a` has one digit, `b` two; below zero `Z` has one, `Y` two.
fn integer_length(head: u8) -> Option<usize> {
    match head {
        b'a'..=b'z' => Some(usize::from(head - b'a') + 2),
        b'A'..=b'Z' => Some(usize::from(b'Z' - head) + 2),
        _ => None,
    }
}

fn split(key: &str) -> Option<(&str, &str)> {
    let length = integer_length(*key.as_bytes().first()?)?;
    let fine =
        key.len() >= length && key.bytes().all(|b| DIGITS.contains(&b)) && (key.len() == length || !key.ends_with('0'));
    if fine { Some(key.split_at(length)) } else { None }
}

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|d| *d == byte).unwrap_or(0)
}

/// The integer after or before; `None` at the end of all integers.
fn counted(integer: &str, up: bool) -> Option<String> {
    let mut bytes = integer.as_bytes().to_vec();
    let (over, wrapped) = if up { (61, b'0') } else { (0, b'z') };
    for byte in bytes[1..].iter_mut().rev() {
        if digit(*byte) == over {
            *byte = wrapped;
        } else {
            *byte = DIGITS[if up { digit(*byte) + 1 } else { digit(*byte) - 1 }];
            return String::from_utf8(bytes).ok();
        }
    }
    let head = match (bytes[0], up) {
        (b'Z', true) => b'a',
        (b'a', false) => b'Z',
        (b'z', true) | (b'A', false) => return None,
        (head, true) => head + 1,
        (head, false) => head - 1,
    };
    let digits = integer_length(head)? - 1;
    let filled = std::iter::once(head).chain(std::iter::repeat_n(wrapped, digits)).collect();
    String::from_utf8(filled).ok()
}

/// A fraction between two, the lower one below the upper one; without an upper one below one.
fn middle(low: &str, high: Option<&str>) -> String {
    let at = |text: &str, i: usize| text.as_bytes().get(i).copied();
    if let Some(high) = high {
        let same = (0..high.len()).take_while(|i| at(low, *i).unwrap_or(b'0') == high.as_bytes()[*i]).count();
        if same > 0 {
            let rest = low.get(same..).unwrap_or("");
            return format!("{}{}", &high[..same], middle(rest, Some(&high[same..])));
        }
    }
    let first = at(low, 0).map_or(0, digit);
    let limit = high.and_then(|high| at(high, 0)).map_or(62, digit);
    if limit - first > 1 {
        return char::from(DIGITS[first.midpoint(limit)]).to_string();
    }
    match high {
        Some(high) if high.len() > 1 => high[..1].to_owned(),
        _ => format!("{}{}", char::from(DIGITS[first]), middle(low.get(1..).unwrap_or(""), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ends_count_and_gaps_are_divided() {
        for (low, high, expected) in [
            (None, None, Some("a0")),
            (Some("a0"), None, Some("a1")),
            (None, Some("a0"), Some("Zz")),
            (Some("az"), None, Some("b00")),
            (None, Some("b00"), Some("az")),
            (Some("a0"), Some("a1"), Some("a0V")),
            (Some("a0"), Some("a0V"), Some("a0F")),
            (Some("a0"), Some("a2"), Some("a1")),
            (Some("Zz"), Some("a0"), Some("ZzV")),
            (None, Some("a0V"), Some("a0")),
            (Some("a1"), Some("a0"), None),
            (Some("a0"), Some("a0"), None),
            (Some("?"), None, None),
            (Some("a00"), None, None),
        ] {
            assert_eq!(between(low, high).as_deref(), expected, "{low:?} {high:?}");
        }
        assert_eq!(above(Some("a0V"), 2).unwrap(), ["a1", "a2"]);
    }

    #[test]
    fn keys_at_the_ends_stay_short() {
        let (mut top, mut bottom) = ("a0".to_owned(), "a0".to_owned());
        for _ in 0..10_000 {
            top = between(None, Some(&top)).unwrap();
            bottom = between(Some(&bottom), None).unwrap();
        }
        assert!(top.len() < 6 && bottom.len() < 6, "{top} {bottom}");
    }

    proptest! {
        #[test]
        fn whatever_is_put_anywhere_stands_where_it_was_put(places in prop::collection::vec(0usize..400, 1..400)) {
            let mut keys: Vec<String> = vec![];
            for place in places {
                let place = place % (keys.len() + 1);
                let low = place.checked_sub(1).map(|i| keys[i].as_str());
                let key = between(low, keys.get(place).map(String::as_str)).unwrap();
                keys.insert(place, key);
            }
            prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
        }

        #[test]
        fn any_text_is_answered(low in ".{0,8}", high in ".{0,8}") {
            let _ = between(Some(&low), Some(&high));
        }
    }
}
