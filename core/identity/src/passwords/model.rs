//! What a password must be, and how it is kept.
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use kernel::{App, Error, Result, error::FieldProblem};
use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};
use tokio::sync::Semaphore;

/// Fewest characters.
pub const SHORTEST: usize = 10;
/// Most characters: far above any passphrase, low enough that hashing stays cheap.
pub const LONGEST: usize = 200;

/// Words that common passwords of ten and more characters are built around.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "qwerty",
    "qwertz",
    "azerty",
    "asdfgh",
    "letmein",
    "welcome",
    "iloveyou",
    "administrator",
    "changeme",
    "football",
    "baseball",
    "princess",
    "sunshine",
    "trustno",
    "superman",
    "michael",
    "dragon",
    "monkey",
    "abc123",
    "upzento",
];

/// Checks a new password; `field` is the JSON pointer for the answer, `personal` what must not make it up.
pub fn check_password(field: &str, password: &str, personal: &[&str]) -> Option<FieldProblem> {
    let problem = |code: &str, detail: &str| {
        Some(FieldProblem { field: field.to_owned(), code: code.to_owned(), detail: detail.to_owned() })
    };
    let length = password.chars().count();
    if length < SHORTEST {
        return problem("password_short", "Take at least 10 characters; a few words make a good password.");
    }
    if length > LONGEST {
        return problem("password_long", "Take at most 200 characters.");
    }
    let lower = password.to_lowercase();
    let mut rest = lower.clone();
    for word in personal.iter().flat_map(|p| p.split(|c: char| !c.is_alphanumeric())) {
        let word = word.to_lowercase();
        if word.chars().count() >= 4 {
            rest = rest.replace(&word, "");
        }
    }
    if rest.chars().count() < 6 {
        return problem("password_personal", "This is mostly your name or address. Take something nobody can guess.");
    }
    for word in COMMON {
        rest = rest.replace(word, "");
    }
    if entropy_like(&rest) < 6 {
        return problem("password_simple", "This is too easy to guess. Take a few unrelated words.");
    }
    None
}

/// Counts characters that are not simply the next of a run: repeats and steps of one (`aaaa`, `1234`, `dcba`) count once.
fn entropy_like(text: &str) -> usize {
    let chars: Vec<char> = text.chars().collect();
    let mut count = usize::from(!chars.is_empty());
    for pair in chars.windows(2) {
        let step = i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
        count += usize::from(!(-1..=1).contains(&step));
    }
    let distinct = chars.iter().collect::<HashSet<_>>().len();
    count.min(distinct + distinct / 2)
}

/// Hashes and verifies with Argon2id, away from the threads that serve requests, a few at a time: each takes 19 MiB.
pub struct Hasher {
    permits: Arc<Semaphore>,
    decoy: OnceLock<String>,
}

impl Default for Hasher {
    fn default() -> Self {
        let parallel = std::thread::available_parallelism().map_or(2, usize::from);
        Hasher { permits: Arc::new(Semaphore::new(parallel.max(2))), decoy: OnceLock::new() }
    }
}

impl Hasher {
    /// The program's hasher.
    pub fn of(app: &App) -> Arc<Hasher> {
        app.provided::<Hasher>().unwrap_or_else(|_| {
            let hasher = Arc::new(Hasher::default());
            app.provide(hasher.clone());
            hasher
        })
    }

    /// The hash to store, in PHC form.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.away(move || hash(&password)).await?
    }

    /// Whether the password belongs to the hash. Without a hash (nobody has that address) it costs the same and is false.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        let known = stored.is_some();
        let stored = match stored {
            Some(stored) => stored.to_owned(),
            None => self.decoy().await?,
        };
        let password = password.to_owned();
        let fits = self.away(move || verify(&password, &stored)).await?;
        Ok(known && fits)
    }

    async fn decoy(&self) -> Result<String> {
        if let Some(decoy) = self.decoy.get() {
            return Ok(decoy.clone());
        }
        let made = self.away(|| hash("nobody has this password")).await??;
        Ok(self.decoy.get_or_init(|| made).clone())
    }

    async fn away<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = self.permits.clone().acquire_owned().await.map_err(Error::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(Error::internal)
    }
}

/// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    Ok(argon2()?.hash_password(password.as_bytes()).map_err(Error::internal)?.to_string())
}

fn verify(password: &str, stored: &str) -> bool {
    match (PasswordHash::new(stored), argon2()) {
        (Ok(parsed), Ok(argon2)) => argon2.verify_password(password.as_bytes(), &parsed).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<String> {
        check_password("/password", password, &["mira.lindqvist@northlight.example", "Mira Lindqvist"]).map(|p| p.code)
    }

    #[test]
    fn short_long_simple_and_personal_ones_are_refused() {
        for (password, expected) in [
            ("", "password_short"),
            ("123456789", "password_short"),
            ("äöüäöüäöü", "password_short"),
            ("aaaaaaaaaaaa", "password_simple"),
            ("1234567890", "password_simple"),
            ("0987654321ab", "password_simple"),
            ("Password1234", "password_simple"),
            ("qwertyqwerty", "password_simple"),
            ("ababababababab", "password_simple"),
            ("lindqvist123", "password_personal"),
            ("MIRALINDQVIST", "password_personal"),
        ] {
            assert_eq!(code(password).as_deref(), Some(expected), "{password}");
        }
        assert_eq!(code(&"é".repeat(201)).as_deref(), Some("password_long"));
    }

    #[test]
    fn good_ones_pass() {
        for password in ["correct horse battery", "lantern-ferry-58", "fünf graue Katzen", "x7Kp!0vQe#m2"] {
            assert_eq!(code(password), None, "{password}");
        }
    }

    #[tokio::test]
    async fn a_hash_verifies_its_password_only() {
        let hasher = Hasher::default();
        let stored = hasher.hash("lantern-ferry-58").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.verify("lantern-ferry-58", Some(&stored)).await.unwrap());
        assert!(!hasher.verify("lantern-ferry-59", Some(&stored)).await.unwrap());
        assert!(!hasher.verify("nobody has this password", None).await.unwrap());
        assert!(!hasher.verify("x", Some("not a hash")).await.unwrap());
    }

    proptest::proptest! {
        #[test]
        fn checking_never_panics(password in "\\PC{0,260}") {
            let _ = check_password("/password", &password, &["a@b.c", ""]);
        }
    }
}
