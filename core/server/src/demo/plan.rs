//! What happens in the year of the first client, and when.
use super::visitors::VISITS;
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};

/// Days of the story.
pub(super) const DAYS: i64 = 365;
/// The day the website asks visitors what they need.
const ONLINE: i64 = 24;
/// The day the list of the fair came in: it can be taken back still.
const FAIR: i64 = DAYS - 12;

/// A company: name, industry, size, city, tier, pounds a year, the day it was met.
pub(super) type Company = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>, i64, i64);

pub(super) const COMPANIES: [Company; 12] = [
    ("Lowland Couriers", "Logistics", "51-200", "Glasgow", Some("platinum"), 48_000, 2),
    ("Arden Food Co-op", "Food", "11-50", "Stratford", Some("gold"), 18_500, 9),
    ("City of Arden", "Public service", "501-1000", "Stratford", Some("gold"), 36_000, 21),
    ("Harbourside Hotel", "Hospitality", "51-200", "Bristol", Some("silver"), 9_200, 33),
    ("Tern Outdoor Centre", "Leisure", "11-50", "Keswick", Some("silver"), 7_400, 58),
    ("Moss & Daughters", "Retail", "2-10", "York", None, 0, 75),
    ("Quayside Brewery", "Food", "11-50", "Newcastle", Some("bronze"), 4_100, 101),
    ("Fenland University", "Education", "1001-5000", "Ely", Some("gold"), 27_000, 130),
    ("Pennine Rescue", "Charity", "11-50", "Hebden Bridge", None, 0, 171),
    ("Saltmarsh Festival", "Events", "2-10", "Aldeburgh", Some("bronze"), 3_300, 215),
    ("Lowland Couriers North", "Logistics", "11-50", "Inverness", Some("silver"), 11_000, 240),
    ("Greenway Deliveries", "Logistics", "11-50", "Leeds", None, 0, 318),
];

/// Somebody: first and last name, job, the company, what is done for it, the day of the first word.
pub(super) type Person = (&'static str, &'static str, &'static str, Option<usize>, &'static [&'static str], i64);

pub(super) const PEOPLE: [Person; 34] = [
    ("Lucas", "Brandt", "Fleet manager", Some(0), &["decision_maker"], 2),
    ("Aileen", "Murray", "Accounts", Some(0), &["billing"], 16),
    ("Callum", "Reid", "Workshop lead", Some(0), &["technical"], 40),
    ("Mina", "Petrov", "Buyer", Some(1), &["decision_maker", "billing"], 9),
    ("Theo", "Fennick", "Mobility officer", Some(2), &["decision_maker"], 21),
    ("Judith", "Okoro", "Procurement", Some(2), &["billing"], 35),
    ("Sofia", "Marin", "Guest services", Some(3), &["decision_maker"], 33),
    ("Will", "Ashby", "Instructor", Some(4), &["technical"], 58),
    ("Edda", "Moss", "Owner", Some(5), &["decision_maker"], 75),
    ("Rhys", "Calder", "Head brewer", Some(6), &["decision_maker"], 101),
    ("Dr Hana", "Sato", "Estates", Some(7), &["decision_maker"], 130),
    ("Ben", "Whitlock", "Estates workshop", Some(7), &["technical"], 144),
    ("Ruth", "Hargreaves", "Coordinator", Some(8), &["decision_maker"], 171),
    ("Jonah", "Peel", "Site manager", Some(9), &["decision_maker"], 215),
    ("Isla", "Mackay", "Depot lead", Some(10), &["decision_maker"], 240),
    ("Femi", "Adeyemi", "Founder", Some(11), &["decision_maker"], 318),
    ("Noor", "Hadid", "", None, &[], 12),
    ("Caleb", "Aldous", "", None, &[], 47),
    ("Amara", "Osei", "", None, &[], 66),
    ("Wei", "Lin", "", None, &[], 93),
    ("Ida", "Nyström", "", None, &[], 120),
    ("Tomás", "Rey", "", None, &[], 158),
    ("Grace", "Pullman", "", None, &[], 199),
    ("Oskar", "Wendt", "", None, &[], 261),
    ("Leila", "Farouk", "", None, &[], 297),
    ("Hugo", "Marchetti", "", None, &[], 341),
    ("Elif", "Demir", "", None, &[], 359),
    ("Samir", "Haddad", "Site manager", Some(11), &["technical"], 361),
    ("Bronwen", "Rees", "", None, &[], 363),
    ("Mateo", "Silva", "", None, &[], DAYS),
    ("Ana", "Horvat", "Office manager", Some(3), &["billing"], 360),
    ("Declan", "Byrne", "", None, &[], 362),
    ("Priti", "Shah", "", None, &[], 364),
    ("Lotte", "Vinter", "Stage manager", Some(9), &["technical"], DAYS),
];

/// What is sold: name, pounds each.
pub(super) const GOODS: [(&str, i64); 8] = [
    ("Cargo bike, long john", 4_850),
    ("E-cargo bike, box", 6_900),
    ("Touring build, Rohloff", 5_400),
    ("Gravel build", 3_150),
    ("Fleet service, one bike for a year", 105),
    ("Fitting session", 180),
    ("Wheel build, dynamo", 640),
    ("Commuter, belt drive", 1_950),
];

pub(super) const SOURCES: [&str; 5] = ["Website", "Referral", "Google Ads", "Trade fair", "Walk-in"];
pub(super) const REASONS: [&str; 4] = ["Price", "Timing", "Chose somebody else", "No need"];
/// Deals of the year.
pub(super) const DEALS: usize = 60;
/// What is still to do at the end: what, its kind, how much it presses, about whom, the day it was noted, the day and the time
/// it is due.
pub(super) type Todo = (&'static str, &'static str, &'static str, usize, i64, i64, Option<&'static str>);

const TODOS: [Todo; 9] = [
    ("Ring back about the belt tension", "call", "high", 21, 357, 362, None),
    ("Send the invoice for the fleet service", "invoice", "normal", 1, 358, 363, Some("10:00")),
    ("Offer two long johns with rain covers", "proposal", "urgent", 14, 360, 364, None),
    ("Confirm the fitting", "call", "normal", 26, 362, DAYS, Some("16:30")),
    ("Ask how the touring build rides", "email", "normal", 24, 361, DAYS, None),
    ("Measure the estate's bike shed", "meeting", "normal", 11, 362, DAYS + 2, Some("09:30")),
    ("Agree on delivery dates", "call", "high", 10, 363, DAYS + 3, Some("14:00")),
    ("Order dynamo hubs for four wheels", "task", "low", 0, 363, DAYS + 6, None),
    ("Renewal talk with the Co-op", "meeting", "normal", 3, 350, DAYS + 11, Some("11:00")),
];

/// Talks of the last days: with whom, its kind, from whom, about what, how it ended, seconds, the day and the minute.
type Talk = (usize, &'static str, &'static str, &'static str, &'static str, i64, i64, i64);

const TALKS: [Talk; 12] = [
    (14, "call", "inbound", "Second depot wants bikes too", "Sends numbers", 540, 362, 615),
    (26, "email", "inbound", "Sizes and saddle height", "Answered", 0, 363, 700),
    (10, "meeting", "outbound", "Delivery at the estates workshop", "Agreed", 2_400, 364, 660),
    (8, "email", "outbound", "Two offers for the market run", "No answer yet", 0, 364, 845),
    (27, "call", "outbound", "Where the chargers go", "Sends a plan", 480, DAYS, 485),
    (3, "message", "inbound", "The trailer hitch is loose", "Comes by today", 0, DAYS, 522),
    (0, "call", "inbound", "Puncture on van route 4", "Spare wheel lent", 260, DAYS, 561),
    (22, "email", "inbound", "Can I still change the colour?", "Yes, until Friday", 0, DAYS, 604),
    (14, "call", "outbound", "Numbers for the second depot", "Wants an offer", 720, DAYS, 640),
    (6, "email", "outbound", "Offer for guest bikes", "Sent", 0, DAYS, 697),
    (20, "message", "inbound", "On my way", "Read", 0, DAYS, 781),
    (28, "call", "inbound", "Is the fitting long?", "An hour", 190, DAYS, 844),
];

/// Appointments around the end: with whom, about what, the day and the minute.
const PLANS: [(usize, &str, i64, i64); 4] = [
    (26, "Fitting", DAYS, 930),
    (0, "Call about the second depot", DAYS, 990),
    (16, "Collection", DAYS, 1_050),
    (3, "Renewal talk", DAYS + 1, 660),
];

/// Whom somebody writes down once more.
pub(super) const AGAIN: usize = 16;
pub(super) const TWICE: usize = 17;

/// What comes next, once a deal has come so far.
pub(super) const NEXT: [&str; 4] = ["Send the offer", "Call about the offer", "Agree on the price", "Get it signed"];

/// What happens.
pub(super) enum Step {
    Company(usize),
    Person(usize),
    Deal(usize),
    /// A deal goes to a stage.
    Move(usize, usize),
    /// A deal ends.
    Close(usize, &'static str),
    /// A conversation: with whom, its kind, direction, title, outcome, seconds.
    Say(usize, &'static str, &'static str, &'static str, &'static str, i64),
    Note(usize, &'static str, bool),
    /// A contact stands elsewhere now.
    Stage(usize, &'static str),
    /// Something to do for a deal, and that it was done.
    Task(usize),
    Done(usize),
    Todo(&'static Todo),
    /// With whom, about what, and when it will be.
    Plan(usize, &'static str, i64, i64),
    /// The website gets its form, and a visitor fills it in.
    Form,
    Visit(usize),
    /// Somebody takes care of who came over the website.
    Answer(usize),
    /// The list of a fair comes in.
    Fair,
    /// Two people who are known already are written down once more; of one that is seen.
    Again,
    Twice,
    /// Those from the fair who asked for something are followed up.
    Follow,
}

/// Who buys in a deal: business first, then people, in turns. Nobody buys on the day he is met, which may be a Monday
/// instead of a Sunday.
pub(super) fn buyer(deal: usize) -> usize {
    let known = PEOPLE.iter().enumerate().filter(|(_, person)| person.5 + 1 < begins(deal));
    let there: Vec<usize> = known.map(|(nth, _)| nth).collect();
    there[(deal * 7 + deal / 5) % there.len()]
}

/// The day a deal begins: they come ever closer together, for the shop grows.
fn begins(deal: usize) -> i64 {
    let (n, of) = (whole(deal), whole(DEALS));
    4 + (DAYS - 8) * n * (5 * of - 2 * n) / (3 * of * of)
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(0)
}

/// A minute of the day from `first` on, within so many: no two things of one kind happen at the same time of day.
fn minute(first: i64, nth: usize, within: usize) -> i64 {
    first + whole(nth * 131 % within)
}

/// The shop is closed on Sundays: what would happen then happens on Monday. Its website is not, and an appointment is noted
/// on a Sunday too: a Monday without its plans would be an empty one.
fn opened(at: DateTime<Utc>, step: &Step) -> DateTime<Utc> {
    let closed = at.weekday() == Weekday::Sun && !matches!(step, Step::Plan(..) | Step::Visit(_));
    if closed { at + TimeDelta::days(1) } else { at }
}

/// The year that begins at this midnight, in order: when what happens.
pub(super) fn plan(begin: DateTime<Utc>) -> Vec<(DateTime<Utc>, Step)> {
    let mut year = vec![];
    records(&mut year);
    deals(&mut year);
    last_days(&mut year);
    year.retain(|(day, _, _)| *day <= DAYS);
    let moment = |day: i64, minute: i64| begin + TimeDelta::days(day) + TimeDelta::minutes(minute);
    let mut year: Vec<_> =
        year.into_iter().map(|(day, minute, step)| (opened(moment(day, minute), &step), step)).collect();
    year.sort_by_key(|(at, _)| *at);
    year
}

/// Who is met, and what is said to them first.
fn records(year: &mut Vec<(i64, i64, Step)>) {
    for (i, company) in COMPANIES.iter().enumerate() {
        year.push((company.6, 9 * 60, Step::Company(i)));
    }
    for (i, person) in PEOPLE.iter().enumerate() {
        year.push((person.5, minute(9 * 60 + 20, i, 470), Step::Person(i)));
        let call = Step::Say(i, "call", "outbound", "First call", "Wants to hear more", 420 + whole(i * 37 % 300));
        year.push((person.5 + 3, minute(10 * 60 + 30, i, 160), call));
        if i % 4 == 1 {
            let note = Step::Note(i, "Prefers mornings. Lock the shop van, the yard is shared.", i % 8 == 1);
            year.push((person.5 + 6, minute(14 * 60, i, 170), note));
        }
    }
    year.push((ONLINE, 8 * 60, Step::Form));
    for visit in 0..VISITS {
        // Ever more of them, as deals.
        let day = ONLINE + 1 + (DAYS - ONLINE - 2) * begins(visit * DEALS / VISITS) / begins(DEALS - 2);
        year.push((day, 7 * 60 + whole(visit * 53 % 800), Step::Visit(visit)));
        year.push((day + 1, minute(9 * 60 + 30, visit, 430), Step::Answer(visit)));
    }
}

fn deals(year: &mut Vec<(i64, i64, Step)>) {
    for deal in 0..DEALS {
        let (day, who, start) = (begins(deal), buyer(deal), minute(9 * 60 + 40, deal, 190));
        year.push((day, start, Step::Deal(deal)));
        year.push((day, start + 5, Step::Task(deal)));
        year.push((day, start + 9, Step::Stage(who, "qualified")));
        year.push((day + 3 + whole(deal % 4), minute(13 * 60, deal, 110), Step::Done(deal)));
        let meeting = Step::Say(
            who,
            "meeting",
            "outbound",
            "Needs and budget",
            "Asked for a proposal",
            1_800 + whole(deal * 7 % 40) * 60,
        );
        year.push((day + 2, minute(14 * 60 + 30, deal, 120), meeting));
        // How far it comes: a good half is won, some end on the way, the young ones are still open.
        let ending = match deal % 9 {
            0 | 2 | 4 | 5 | 7 => Some((4, "won")),
            1 => Some((3, "lost")),
            6 => Some((4, "lost")),
            3 => Some((1, "lost")),
            _ => None,
        };
        let pace = 6 + whole(deal % 4) * 3;
        let last = ending.map_or(2, |(stages, _)| stages);
        for stage in 1..last.min(4) {
            let at = day + pace * whole(stage);
            year.push((at, minute(11 * 60, deal + stage, 240), Step::Move(deal, stage)));
        }
        let end = day + pace * whole(last) + 4;
        let asked = Step::Say(who, "email", "inbound", "Questions about the offer", "Answered the same day", 0);
        year.push((end - 3, minute(15 * 60, deal, 150), asked));
        match ending {
            Some((_, how)) => {
                let close = minute(15 * 60 + 30, deal, 110);
                year.push((end, close, Step::Close(deal, how)));
                year.push((end, close + 7, Step::Stage(who, how)));
            }
            // Nobody follows an old one any more.
            None => year.push((day + 75, minute(9 * 60, deal, 90), Step::Close(deal, "abandoned"))),
        }
    }
}

/// What lies on the desks when the story ends.
fn last_days(year: &mut Vec<(i64, i64, Step)>) {
    for (nth, todo) in TODOS.iter().enumerate() {
        year.push((todo.4, minute(16 * 60 + 10, nth, 80), Step::Todo(todo)));
    }
    for (who, kind, direction, title, outcome, seconds, day, minute) in TALKS {
        year.push((day, minute, Step::Say(who, kind, direction, title, outcome, seconds)));
    }
    for (who, title, day, minute) in PLANS {
        // Nothing is noted more than a day ahead.
        year.push((day - 1, minute + 5, Step::Plan(who, title, day, minute)));
    }
    // At the latest yesterday, also when that was a Sunday.
    year.push((FAIR, 18 * 60 + 10, Step::Fair));
    year.push((DAYS - 4, 17 * 60 + 12, Step::Twice));
    year.push((DAYS - 3, 11 * 60 + 23, Step::Again));
    year.push((DAYS - 2, 16 * 60 + 20, Step::Follow));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    type Year = Vec<(DateTime<Utc>, Step)>;

    /// A year for each day of the week on which it may end.
    fn years() -> impl Iterator<Item = (DateTime<Utc>, Year)> {
        let first = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        (0..7).map(move |day| first + TimeDelta::days(day)).map(|begin| (begin, plan(begin)))
    }

    #[test]
    fn nothing_is_named_before_it_is_there() {
        for (begin, year) in years() {
            let mut there = HashSet::new();
            for (_, step) in year {
                let (needs, makes) = match step {
                    Step::Form => (vec![], Some(("form", 0))),
                    Step::Visit(nth) => (vec![("form", 0)], Some(("visit", nth))),
                    Step::Answer(nth) => (vec![("visit", nth)], None),
                    Step::Company(n) => (vec![], Some(("company", n))),
                    Step::Person(n) => {
                        (PEOPLE[n].3.map(|c| ("company", c)).into_iter().collect(), Some(("contact", n)))
                    }
                    Step::Deal(n) => (vec![("contact", buyer(n))], Some(("deal", n))),
                    Step::Move(n, _) | Step::Close(n, _) => (vec![("deal", n)], None),
                    Step::Task(n) => (vec![("deal", n), ("contact", buyer(n))], Some(("task", n))),
                    Step::Done(n) => (vec![("task", n)], None),
                    Step::Todo((_, _, _, n, ..)) => (vec![("contact", *n)], None),
                    Step::Say(n, ..) | Step::Note(n, ..) | Step::Stage(n, _) | Step::Plan(n, ..) => {
                        (vec![("contact", n)], None)
                    }
                    Step::Fair => (vec![], Some(("fair", 0))),
                    Step::Again => (vec![("contact", AGAIN)], None),
                    Step::Twice => (vec![("contact", TWICE)], None),
                    Step::Follow => (vec![("fair", 0)], None),
                };
                for need in needs {
                    assert!(there.contains(&need), "{need:?} of a year from {begin}");
                }
                there.extend(makes);
            }
            let count = |kind: &str| there.iter().filter(|(k, _)| *k == kind).count();
            assert_eq!((count("company"), count("contact"), count("deal")), (COMPANIES.len(), PEOPLE.len(), DEALS));
        }
    }

    /// The list of contacts begins with the newest: they came one by one, while the shop was open or over the website.
    #[test]
    fn the_newest_contacts_came_one_by_one() {
        for (begin, year) in years() {
            let came: Vec<_> = year
                .iter()
                .filter(|(_, step)| matches!(step, Step::Person(_) | Step::Visit(_) | Step::Fair))
                .map(|(at, step)| (*at, matches!(step, Step::Visit(_)), matches!(step, Step::Fair)))
                .collect();
            let newest = &came[came.len() - 10..];
            assert!(newest.iter().all(|(_, _, fair)| !fair), "{begin}");
            assert!((2..=5).contains(&newest.iter().filter(|(_, over_website, _)| *over_website).count()), "{begin}");
            for two in newest.windows(2) {
                assert!(two[1].0 - two[0].0 >= TimeDelta::minutes(2), "{two:?}");
            }
            for (at, over_website, _) in newest {
                assert!((7..21).contains(&chrono::Timelike::hour(at)), "{at}");
                assert!(*over_website || at.weekday() != Weekday::Sun, "{at}");
            }
        }
    }

    #[test]
    fn what_has_to_be_there_at_the_end_is_not_of_its_last_day() {
        for (begin, year) in years() {
            let last =
                year.iter().filter(|(_, step)| matches!(step, Step::Fair | Step::Again | Step::Twice | Step::Follow));
            assert!(last.clone().count() == 4 && last.clone().all(|(at, _)| *at < begin + TimeDelta::days(DAYS)));
        }
    }
}
