//! The browser's rule engine and the server's come to the same verdict about everything.
use forms::forms::{check, engine};
use proptest::{
    prelude::*,
    strategy::Union,
    test_runner::{Config, TestRunner},
};
use serde_json::{Map, Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Mutex,
};

const KEYS: [&str; 6] = ["a", "b", "c", "d", "constructor", "gone"];
const STEPS: [&str; 4] = ["one", "two", "three", "end"];
const TYPES: [&str; 15] = [
    "text",
    "long_text",
    "email",
    "phone",
    "number",
    "date",
    "select",
    "multi",
    "radio",
    "checkbox",
    "rating",
    "file",
    "hidden",
    "consent",
    "section",
];

fn one<T: Clone + std::fmt::Debug + 'static>(of: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(of)
}

fn text() -> impl Strategy<Value = Value> {
    Union::new([
        one(&["", " ", "x", "y", " x ", "xy", "X", "\u{b}", "\u{a0}", "é", "𝒳", "\u{ffff}", "true", "5"]).boxed(),
        one(&["a@b.c", " a@b.co ", "a@b", "@b.c", "a@b..c", "a b@c.d", "a@b.c.", "a@@b.c", "ü@ö.ä"]).boxed(),
        one(&["+49 30 901820", "12345", "123456", "1234567890123456", "12+34567", "(030) 1.2-3/456", "+", "٣٤٥٦٧٨"])
            .boxed(),
        one(&["2024-02-29", "2023-02-29", "2026-13-01", "2026-1-1", "0000-01-01", "2026-04-31", "９９９９-01-01"])
            .boxed(),
    ])
    .prop_map(|text| json!(text))
}

fn number() -> impl Strategy<Value = Value> {
    Union::new([
        (-3i32..12).prop_map(|n| json!(n)).boxed(),
        (-30i32..60).prop_map(|n| json!(f64::from(n) / 10.0)).boxed(),
        one(&[0.1 + 0.2, 1e15, -1e300, 0.5, 1e-12]).prop_map(|n| json!(n)).boxed(),
    ])
}

fn value() -> impl Strategy<Value = Value> {
    Union::new([
        text().boxed(),
        number().boxed(),
        any::<bool>().prop_map(|b| json!(b)).boxed(),
        Just(Value::Null).boxed(),
        prop::collection::vec(text(), 0..4).prop_map(|list| json!(list)).boxed(),
        prop::collection::vec(prop_oneof![text(), number()], 0..3).prop_map(|list| json!(list)).boxed(),
        Just(json!({})).boxed(),
    ])
}

fn maybe<S: Strategy<Value = Value> + 'static>(inner: S) -> impl Strategy<Value = Option<Value>> {
    prop_oneof![3 => Just(None), 2 => inner.prop_map(Some), 1 => Just(Some(Value::Null))]
}

fn limit() -> impl Strategy<Value = Value> {
    (-2i32..8).prop_map(|n| json!(f64::from(n) / 2.0))
}

fn field(key: &'static str) -> impl Strategy<Value = Value> {
    let flags = (maybe(any::<bool>().prop_map(|b| json!(b))), maybe(any::<bool>().prop_map(|b| json!(b))));
    let options = maybe(
        prop::collection::vec(one(&["x", "y", "xy", "é"]), 0..3)
            .prop_map(|values| values.iter().map(|v| json!({"value": v, "label": v})).collect()),
    );
    let numbers = (maybe(limit()), maybe(limit()), maybe(limit()));
    let lengths = (maybe((0u32..5).prop_map(|n| json!(n))), maybe((0u32..6).prop_map(|n| json!(n))));
    let files = maybe((0u32..3).prop_map(|n| json!(n)));
    (one(&TYPES), flags, options, numbers, lengths, files).prop_map(
        move |(kind, (required, hidden), options, (min, max, step), (min_length, max_length), max_files)| {
            let mut field = json!({"key": key, "type": kind});
            let given = [
                ("required", required),
                ("hidden", hidden),
                ("options", options),
                ("min", min),
                ("max", max),
                ("step", step),
                ("min_length", min_length),
                ("max_length", max_length),
                ("max_files", max_files),
            ];
            for (name, value) in given {
                if let Some(value) = value {
                    field[name] = value;
                }
            }
            field
        },
    )
}

fn condition() -> impl Strategy<Value = Value> {
    let ops = ["eq", "ne", "in", "contains", "gt", "gte", "lt", "lte", "empty", "filled"];
    let test = (one(&KEYS), prop::sample::select(ops.to_vec()), maybe(value())).prop_map(|(field, op, value)| {
        let mut test = json!({"field": field, "op": op});
        if let Some(value) = value {
            test["value"] = value;
        }
        test
    });
    test.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|all| json!({"all": all})),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|any| json!({"any": any})),
            inner.prop_map(|not| json!({"not": not})),
        ]
    })
}

fn action() -> impl Strategy<Value = Value> {
    let change = (one(&["show", "hide", "require", "optional"]), one(&KEYS))
        .prop_map(|(action, target)| json!({"action": action, "target": target}));
    let jump = (one(&STEPS), one(&STEPS)).prop_map(|(from, to)| json!({"action": "jump", "from": from, "target": to}));
    prop_oneof![3 => change, 1 => jump]
}

fn form() -> impl Strategy<Value = Value> {
    let fields = (field("a"), field("b"), field("c"), field("d"), field("constructor"));
    let rule = (condition(), prop::collection::vec(action(), 0..3))
        .prop_map(|(when, then)| json!({"when": when, "then": then}));
    let rules = maybe(prop::collection::vec(rule, 0..5).prop_map(|rules| json!(rules)));
    (fields, prop::collection::vec(0usize..3, 5), rules).prop_map(|((a, b, c, d, e), places, rules)| {
        let mut steps = [vec![], vec![], vec![]];
        for (field, place) in [a, b, c, d, e].into_iter().zip(places) {
            steps[place].push(field);
        }
        let steps: Vec<Value> =
            steps.into_iter().zip(STEPS).map(|(fields, key)| json!({"key": key, "fields": fields})).collect();
        let mut form = json!({"version": 1, "steps": steps});
        if let Some(rules) = rules {
            form["rules"] = rules;
        }
        form
    })
}

fn answers() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((one(&KEYS), value()), 0..6)
        .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The browser's engine, in Node.
struct Browser {
    child: Child,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
}

impl Browser {
    fn start() -> Self {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let mut child = Command::new("node")
            .arg("widgets/form/engine-cli.mjs")
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is needed: the browser's engine runs in it");
        let pipes = (child.stdin.take().expect("stdin"), BufReader::new(child.stdout.take().expect("stdout")));
        Browser { child, pipes: Mutex::new(pipes) }
    }

    fn check(&self, form: &Value, answers: &Map<String, Value>) -> Value {
        let mut pipes = self.pipes.lock().expect("the pipes");
        let (stdin, stdout) = &mut *pipes;
        writeln!(stdin, "{}", json!({"form": form, "answers": answers})).expect("node reads");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("node answers");
        serde_json::from_str(&line).expect("a line of JSON")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// JSON equality with numbers compared as numbers: 5 and 5.0 are one value in JavaScript.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| same(v, w)))
        }
        _ => a == b,
    }
}

fn compare() {
    let browser = Browser::start();
    let config = Config { cases: 3_000, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&(form(), answers()), |(form, answers)| {
        let definition = check::read("", &form).expect("the form has a good shape");
        let server = serde_json::to_value(engine::check(&definition, &answers)).expect("JSON");
        let browser = browser.check(&form, &answers);
        let said = format!("\n form {form}\n answers {}\n server {server}\n browser {browser}", json!(answers));
        prop_assert!(same(&server, &browser), "{said}");
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn browser_and_server_agree_about_random_forms() {
    // Random forms are deep values: an unoptimised build needs more stack for them than a test thread has.
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(compare).expect("a thread");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}
