//! Random calls over every operation: anybody's token, anybody's ids, stolen cursors, versions, keys and tenants. No
//! call may fail inside, show a word of another tenant, tell what is another's from what is not there, or change what
//! is another's. `FUZZ_SEED` and `FUZZ_CASES` choose other and more cases than those of every run.
use super::{
    api::{Call, Ids, Operation, comparable, never, nobody},
    marks::Watch,
    samples::{self, Taste},
    world::{MARKER, Tenant, World},
};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use serde_json::{Value, json};
use tests::{Answer, Client};

/// Cases of an ordinary run.
const CASES: usize = 2_000;
/// Cases after which every other tenant is looked at.
const ROUND: usize = 100;

/// Deterministic choices.
struct Dice(TestRng);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
    }
    fn below(&mut self, end: usize) -> usize {
        self.0.next_u32() as usize % end
    }
    /// One time in so many.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Bodies that are mostly right.
struct Wild<'a>(&'a mut Dice);
impl Taste for Wild<'_> {
    fn wants(&mut self, _: &str, is_id: bool) -> bool {
        is_id || self.0.once_in(3)
    }
    fn spoil(&mut self, good: Value) -> Value {
        let odd = [
            json!(null),
            json!(""),
            json!(-1),
            json!(i64::MAX),
            json!("\u{0}"),
            json!("'; drop table contacts; --"),
            json!("%_\\"),
            json!("ten_0000000000000000000000000"),
            json!("é".repeat(3_000)),
            json!([[]]),
            json!({"$ne": 1}),
            json!("9999-12-31T23:59:59Z"),
        ];
        if self.0.once_in(20) { self.0.of(&odd).clone() } else { good }
    }
}

/// What was seen of other tenants and may be tried: cursors and versions of theirs.
#[derive(Default)]
struct Loot {
    cursors: Vec<String>,
    versions: Vec<String>,
}

/// Who calls.
struct Caller<'a> {
    tenant: &'a Tenant,
    client: Client,
}

struct Fuzz<'a> {
    world: &'a World,
    dice: Dice,
    loot: Loot,
    wrong: Vec<String>,
    /// How many calls succeeded, and how many were compared with what is not there.
    told: (usize, usize),
}

/// What would end the fuzz instead of testing it, and what never ends.
const LEFT_OUT: &[&str] = &[
    "GET /v1/stream",
    "DELETE /v1/sessions",
    "DELETE /v1/sessions/current",
    "DELETE /v1/sessions/{id}",
    "PUT /v1/password",
    "POST /v1/totp/confirmation",
    "PATCH /v1/members/{id}",
    "POST /v1/clients",
    "POST /v1/clients/{id}/suspension",
    "POST /v1/clients/{id}/deletion",
    "POST /v1/transfers/{id}/acceptance",
];

impl<'a> Fuzz<'a> {
    fn caller(&mut self) -> Caller<'a> {
        let tenant = self.dice.of(&self.world.tenants);
        let client = match self.dice.below(6) {
            0 => tenant.idle.clone(),
            1 => tenant.program.clone(),
            2 if tenant.ids.contains_key("clients") => {
                // The agency's owner in his client.
                let client = self.world.tenants.iter().find(|t| Some(&t.id.to_string()) == tenant.ids.get("clients"));
                let inside = client.expect("the agency's client");
                let client = tenant.owner.with("upzento-tenant", inside.id.to_string());
                return Caller { tenant: inside, client };
            }
            _ => tenant.owner.clone(),
        };
        Caller { tenant, client }
    }

    /// Own ids, another's, or a mixture; with those that are another's.
    fn ids(&mut self, caller: &Tenant) -> (Ids, Ids) {
        let other = self.dice.of(&self.world.tenants).clone();
        let (mut ids, mut stolen) = (caller.ids.clone(), Ids::new());
        // What a client has, its agency may see under another name; only what is nobody's own counts as stolen.
        let own = |id: &String| caller.ids.values().any(|known| known == id) || related(caller, &other, id);
        let all = self.dice.once_in(2);
        for (name, id) in &other.ids {
            if !own(id) && never(id) != *id && (all || self.dice.once_in(3)) {
                ids.insert(name.clone(), id.clone());
                stolen.insert(name.clone(), id.clone());
            }
        }
        (ids, stolen)
    }

    fn query(&mut self, operation: &Operation, ids: &Ids) -> String {
        let mut parts = vec![];
        for name in &operation.queries {
            if self.dice.once_in(2) {
                continue;
            }
            let an_id = self.dice.of(&ids.values().collect::<Vec<_>>()).to_string();
            let value = match name.as_str() {
                "cursor" if !self.loot.cursors.is_empty() => self.dice.of(&self.loot.cursors).clone(),
                "cursor" => "eyJ4IjoxfQ".into(),
                "limit" => (*self.dice.of(&["1", "2", "50", "0", "201", "-1", "x"])).into(),
                "sort" => (*self.dice.of(&["created_at", "-created_at", "name", "-name", "id", "nothing"])).into(),
                "filter" => {
                    let field = *self.dice.of(&[
                        "name",
                        "owner",
                        "tag",
                        "contact",
                        "form",
                        "state",
                        "kind",
                        "webhook",
                        "created_at",
                    ]);
                    let operator = *self.dice.of(&["eq", "ne", "prefix", "contains", "gt", "in"]);
                    let value =
                        (*self.dice.of(&[MARKER, "", "a,b", "2026-01-01T00:00:00Z", an_id.as_str()])).to_owned();
                    format!("{field}:{operator}:{value}")
                }
                "q" | "name" | "search" => MARKER.into(),
                "permission" => "contacts.read".into(),
                _ => (*self.dice.of(&[MARKER, "1", "2026-11-01", an_id.as_str()])).to_owned(),
            };
            parts
                .push(format!("{name}={}", url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>()));
        }
        parts.join("&")
    }

    /// The caller's headers, some of them another's.
    fn dressed(&mut self, caller: &Caller) -> Client {
        let mut client = caller.client.clone();
        if self.dice.once_in(4) && !self.loot.versions.is_empty() {
            client = client.with("if-match", self.dice.of(&self.loot.versions).clone());
        }
        if self.dice.once_in(3) {
            // Few keys for everybody, so that they meet those of others.
            client = client.with("idempotency-key", format!("key-{}", self.dice.below(4)));
        }
        client
    }

    async fn case(&mut self, caller: &Caller<'_>) {
        let operations: Vec<_> = self.world.document.operations.iter().collect();
        let operation = *self.dice.of(&operations);
        if LEFT_OUT.contains(&operation.name().as_str()) {
            return;
        }
        let (ids, stolen) = self.ids(caller.tenant);
        let body = operation
            .body
            .as_ref()
            .map(|_| samples::body(&self.world.document, operation, &ids, &mut Wild(&mut self.dice)));
        let Some(mut call) = operation.call(&ids, body) else { return };
        let query = self.query(operation, &ids);
        if !query.is_empty() {
            call.target += if call.target.contains('?') { "&" } else { "?" };
            call.target += &query;
        }
        let client = self.dressed(caller);
        let answer = call.send(&client).await;
        self.judge(caller, operation, &call, &answer);
        let in_path = operation.path_with(&ids).unwrap_or_default();
        if stolen.values().any(|id| in_path.contains(id)) && !operation.public {
            self.same_as_nobody(&client, operation, &call, &stolen, &answer).await;
        }
    }

    /// Nothing of others, and no failure inside.
    fn judge(&mut self, caller: &Caller, operation: &Operation, call: &Call, answer: &Answer) {
        let what = format!(
            "{} as {}: {} {}",
            operation.name(),
            caller.tenant.marker,
            call.target,
            String::from_utf8_lossy(&call.body)
        );
        self.told.0 += usize::from(answer.status < 300);
        if answer.status >= 500 {
            self.wrong.push(format!("{what}\n    answered {} {}", answer.status, answer.text));
        }
        for other in &self.world.tenants {
            let shown = answer.text.contains(&other.marker) && !call.target.contains(&other.marker);
            if shown && !family(caller.tenant, other) && !operation.public {
                self.wrong.push(format!("{what}\n    showed {}: {}", other.marker, answer.text));
            }
        }
        if let Some(cursor) = answer.body["next_cursor"].as_str() {
            self.loot.cursors.push(cursor.to_owned());
        }
        if let Some(version) = answer.headers.get("etag").and_then(|v| v.to_str().ok()) {
            self.loot.versions.push(version.to_owned());
        }
    }

    /// What is another's is answered as what is not there.
    async fn same_as_nobody(
        &mut self,
        client: &Client,
        operation: &Operation,
        call: &Call,
        stolen: &Ids,
        answer: &Answer,
    ) {
        self.told.1 += 1;
        let nowhere = nobody(stolen);
        let none = call.exchanged(stolen, &nowhere).send(client).await;
        let (theirs, none) = (comparable(answer, stolen), comparable(&none, &nowhere));
        // A body that reads badly, or a key used before with another body, is told first, alike for both.
        if theirs.0 != none.0 || (theirs.2 != none.2) || (200..300).contains(&theirs.0) {
            let body = String::from_utf8_lossy(&call.body).into_owned();
            self.wrong.push(format!(
                "{} {} {body}\n    {theirs:?}\n    but of nobody {none:?}",
                operation.method, call.target
            ));
        }
    }
}

/// An agency and its client.
fn family(one: &Tenant, other: &Tenant) -> bool {
    one.family == other.family
}

/// Whether an id belongs to the caller's family, where agency and client know each other.
fn related(caller: &Tenant, other: &Tenant, id: &String) -> bool {
    family(caller, other) || *id == caller.id.to_string()
}

fn chosen(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[tokio::test]
async fn random_calls_never_reach_another_tenant() {
    let (seed, cases) = (chosen("FUZZ_SEED", 2026), chosen("FUZZ_CASES", CASES as u64) as usize);
    println!("FUZZ_SEED={seed} FUZZ_CASES={cases}");
    let world = World::start().await;
    world.base.app.settle().await;
    let mut fuzz = Fuzz { world: &world, dice: Dice::new(seed), loot: Loot::default(), wrong: vec![], told: (0, 0) };
    // Who calls in a round belongs to one family; everything of the other must stay as it is.
    for round in 0..cases.div_ceil(ROUND) {
        let acting = &world.tenants[(round % 2) * 2];
        let mut watches = vec![];
        for other in world.tenants.iter().filter(|t| !family(t, acting)) {
            watches.push((other, Watch::on(&world, other).await));
        }
        let mut made = 0;
        while made < ROUND {
            let caller = fuzz.caller();
            if family(caller.tenant, acting) {
                fuzz.case(&caller).await;
                made += 1;
            }
        }
        world.base.app.settle().await;
        for (other, watch) in &mut watches {
            let changed = watch.changed().await;
            if !changed.is_empty() {
                fuzz.wrong.push(format!("round {round} of {}: {} changed {changed:?}", acting.marker, other.marker));
            }
        }
        assert!(fuzz.wrong.len() < 20, "FUZZ_SEED={seed}:\n  {}", fuzz.wrong.join("\n  "));
    }
    super::none(&format!("FUZZ_SEED={seed}"), &fuzz.wrong);
    // A fuzz that is refused everything proves nothing.
    let (succeeded, compared) = fuzz.told;
    println!("{succeeded} calls succeeded, {compared} were compared with what is not there");
    assert!(succeeded > cases / 10 && compared > cases / 20, "{succeeded} and {compared} of {cases}");
}
