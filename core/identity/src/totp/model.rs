//! Codes.
use kernel::{
    Error, Result,
    clock::random_bytes,
    crypto::{constant_time_eq, sha256},
};
use poem_openapi::Object;
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

/// How many recovery codes somebody gets.
pub(crate) const RECOVERY_CODES: usize = 10;
/// An enrolment that was not confirmed may be taken up again for this long, in minutes.
pub(crate) const ENROLMENT_MINUTES: i64 = 10;

/// A confirmation of one's password.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct PasswordProof {
    /// The current password.
    pub password: String,
}

/// A code from the app.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct CodeProof {
    /// Six digits.
    pub code: String,
}

/// What the app needs; shown until it is confirmed.
#[derive(Object, Clone)]
pub struct Enrolment {
    /// The secret in base32, for typing it in.
    pub secret: String,
    /// `otpauth://…`, for a QR code.
    pub uri: String,
}

/// Each works once instead of a code. Shown now and never again.
#[derive(Object, Clone)]
pub struct RecoveryCodes {
    /// Ten codes.
    pub recovery_codes: Vec<String>,
}

/// A generator for a secret of 160 bits, as authenticator apps expect it: SHA-1, six digits, 30 seconds.
pub(crate) fn generator(secret: &[u8], account: &str, issuer: &str) -> Result<Totp> {
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(Secret::from(secret.to_vec()))
        .with_account_name(plain(account))
        .with_issuer(Some(plain(issuer)))
        .build()
        .map_err(Error::internal)
}

/// What to show somebody who enrols.
pub(crate) fn enrolment(totp: &Totp) -> Result<Enrolment> {
    Ok(Enrolment { secret: totp.secret().to_base32(), uri: totp.to_url().map_err(Error::internal)? })
}

/// The time step a code belongs to: now, the one before or the one after. Every step is compared, in constant time.
pub(crate) fn step_of(totp: &Totp, code: &str, unix_seconds: i64) -> Option<i64> {
    let now = unix_seconds / 30;
    let mut found = None;
    for step in [now - 1, now, now + 1] {
        let Ok(time) = u64::try_from(step * 30) else { continue };
        if constant_time_eq(totp.generate(time).to_string().as_bytes(), code.as_bytes()) {
            found = Some(step);
        }
    }
    found
}

/// Whether it looks like a code from the app; anything else is taken for a recovery code.
pub(crate) fn is_app_code(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())
}

/// A new recovery code: 80 random bits as `xxxx-xxxx-xxxx-xxxx`.
pub(crate) fn recovery_code() -> String {
    let random = random_bytes::<16>();
    let text = kernel::ids::encode(Uuid::from_bytes(random));
    // The first character of the encoding holds three bits only; the last sixteen hold five each.
    let tail = &text[text.len() - 16..];
    [&tail[..4], &tail[4..8], &tail[8..12], &tail[12..]].join("-")
}

/// What is stored of a recovery code; case, spaces and dashes do not matter.
pub(crate) fn recovery_hash(user: Uuid, code: &str) -> Vec<u8> {
    let plain: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    sha256(format!("recovery/{user}/{plain}").as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6238_vectors() {
        // Appendix B, SHA-1, the last six of its eight digits.
        let totp = generator(b"12345678901234567890", "a", "b").unwrap();
        for (time, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(step_of(&totp, code, time), Some(time / 30), "{time}");
        }
    }

    #[test]
    fn one_step_of_drift_is_fine_two_are_not() {
        let totp = generator(b"12345678901234567890", "a", "b").unwrap();
        let code = totp.generate(3000).to_string();
        for (time, fits) in [(2940, false), (2970, true), (3000, true), (3059, true), (3060, false)] {
            assert_eq!(step_of(&totp, &code, time).is_some(), fits, "{time}");
        }
        for bad in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(step_of(&totp, bad, 3000), None);
        }
    }

    #[test]
    fn an_enrolment_names_account_and_issuer() {
        let shown =
            enrolment(&generator(b"12345678901234567890", "mira@northlight.example", "North: light").unwrap()).unwrap();
        assert!(shown.uri.starts_with("otpauth://totp/"), "{}", shown.uri);
        assert!(shown.uri.contains(&shown.secret));
    }

    #[test]
    fn recovery_codes_differ_and_are_forgiving() {
        let (a, b) = (recovery_code(), recovery_code());
        assert_ne!(a, b);
        assert_eq!(a.len(), 19);
        let user = Uuid::from_u128(1);
        assert_eq!(recovery_hash(user, &a), recovery_hash(user, &a.to_uppercase().replace('-', " ")));
        assert_ne!(recovery_hash(user, &a), recovery_hash(Uuid::from_u128(2), &a));
        assert!(!is_app_code(&a));
    }
}
