//! DKIM signatures (RFC 6376; Ed25519 by RFC 8463), relaxed/relaxed, so that receivers can tell our mail from forgeries.
use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD as B64};
use kernel::{Error, Result};

/// Header fields that are signed when present. `From` must be; the others are what a forger would like to change.
const SIGNED: &[&str] = &[
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Signs mail for one domain and selector.
pub struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

impl Signer {
    /// Reads a PKCS#8 private key in PEM, RSA (2048 bits or more) or Ed25519.
    pub fn new(domain: &str, selector: &str, pem: &str) -> Result<Self> {
        let wrong = |what: &str| Error::internal(format!("configuration: smtp.dkim_{what}"));
        let name = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        };
        if !name(domain) || !name(selector) {
            return Err(wrong("domain and smtp.dkim_selector are host names in ASCII"));
        }
        let body = pem
            .split_once("-----BEGIN PRIVATE KEY-----")
            .and_then(|(_, rest)| rest.split_once("-----END PRIVATE KEY-----"))
            .map(|(body, _)| body.split_whitespace().collect::<String>())
            .ok_or_else(|| wrong("key is not a PKCS#8 PEM block (BEGIN PRIVATE KEY)"))?;
        let der = B64.decode(body).map_err(|_| wrong("key holds no valid base64"))?;
        let key = match (Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der), RsaKeyPair::from_pkcs8(&der)) {
            (Ok(key), _) => Key::Ed25519(key),
            (_, Ok(key)) => Key::Rsa(key),
            _ => return Err(wrong("key is neither RSA (2048 bits or more) nor Ed25519")),
        };
        Ok(Signer { domain: domain.to_ascii_lowercase(), selector: selector.to_ascii_lowercase(), key })
    }

    /// The `DKIM-Signature` header line of a message, to be put in front of it. `at` is unix seconds.
    pub fn header(&self, message: &[u8], at: i64) -> Result<String> {
        let message = std::str::from_utf8(message).map_err(Error::internal)?;
        let (head, body) =
            message.split_once("\r\n\r\n").ok_or_else(|| Error::internal("a message without an empty line"))?;
        let fields = fields(head);
        let body_hash = B64.encode(digest::digest(&digest::SHA256, relaxed_body(body).as_bytes()));
        let mut signed = String::new();
        let mut names: Vec<&str> = vec![];
        for name in SIGNED {
            // Of repeated fields the last one counts (5.4.2); our messages repeat none.
            if let Some((_, value)) = fields.iter().rev().find(|(field, _)| field.eq_ignore_ascii_case(name)) {
                signed.push_str(&relaxed_field(name, value));
                names.push(name);
            }
        }
        // Listing From once more than it occurs makes a second From, added on the way, break the signature.
        names.push("From");
        let algorithm = match self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let value = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={}; s={}; t={at};\r\n\th={};\r\n\tbh={body_hash};\r\n\tb=",
            self.domain,
            self.selector,
            names.join(":\r\n\t "),
        );
        signed.push_str(relaxed_field("DKIM-Signature", &value).trim_end_matches("\r\n"));
        let signature = B64.encode(self.sign(signed.as_bytes())?);
        let mut line = format!("DKIM-Signature: {value}");
        for (i, part) in signature.as_bytes().chunks(70).enumerate() {
            if i > 0 {
                line.push_str("\r\n\t");
            }
            line.push_str(std::str::from_utf8(part).map_err(Error::internal)?);
        }
        line.push_str("\r\n");
        Ok(line)
    }

    fn sign(&self, data: &[u8]) -> Result<Vec<u8>> {
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature).map_err(Error::internal)?;
                Ok(signature)
            }
            // RFC 8463: Ed25519 signs the SHA-256 of what RSA signs.
            Key::Ed25519(key) => Ok(key.sign(digest::digest(&digest::SHA256, data).as_ref()).as_ref().to_vec()),
        }
    }
}

/// Header fields with their folded values, in order.
fn fields(head: &str) -> Vec<(&str, String)> {
    let mut fields: Vec<(&str, String)> = vec![];
    for line in head.split("\r\n") {
        match (line.starts_with([' ', '\t']), fields.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => {
                value.push_str("\r\n");
                value.push_str(line);
            }
            (_, _, Some((name, value))) => fields.push((name, value.to_owned())),
            _ => {}
        }
    }
    fields
}

/// Relaxed header canonicalisation (3.4.2): lower-case name, unfolded, runs of blanks become one, none at the ends.
fn relaxed_field(name: &str, value: &str) -> String {
    let value = value.replace("\r\n", "");
    let words: Vec<_> = value.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    format!("{}:{}\r\n", name.trim().to_ascii_lowercase(), words.join(" "))
}

/// Relaxed body canonicalisation (3.4.4): runs of blanks become one, none at line ends, no empty lines at the end.
fn relaxed_body(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    for line in body.split("\r\n") {
        let mut blank = false;
        for c in line.chars() {
            if matches!(c, ' ' | '\t') {
                blank = true;
                continue;
            }
            if std::mem::take(&mut blank) {
                out.push(' ');
            }
            out.push(c);
        }
        out.push_str("\r\n");
    }
    while out.ends_with("\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    if out == "\r\n" {
        out.clear();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::{
        encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
        rsa::{KeyPair as RsaPair, KeySize},
        signature::{ED25519, KeyPair, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
    };

    fn pem(der: &[u8]) -> String {
        let lines: Vec<_> =
            B64.encode(der).as_bytes().chunks(64).map(|c| String::from_utf8(c.to_vec()).unwrap()).collect();
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
    }

    /// Verifies as a receiver does, from the header's own tags, with a parser that shares nothing with the signer.
    fn verifies(line: &str, message: &str, check: impl Fn(&[u8], &[u8]) -> bool) -> bool {
        let unfolded = line.trim_end().replace("\r\n", "");
        let (_, value) = unfolded.split_once(':').unwrap();
        let tag = |name: &str| {
            let tag = value.split(';').map(str::trim).find(|t| t.starts_with(&format!("{name}="))).unwrap();
            tag[name.len() + 1..].split_whitespace().collect::<String>()
        };
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (head, body) = message.split_once("\r\n\r\n").unwrap();
        let canonical_body = body.split("\r\n").map(|l| {
            let lead = if l.starts_with([' ', '\t']) && !l.trim().is_empty() { " " } else { "" };
            format!("{lead}{}", squeeze(l))
        });
        let canonical_body = canonical_body.collect::<Vec<_>>().join("\r\n");
        let canonical_body = format!("{}\r\n", canonical_body.trim_end_matches("\r\n"));
        if B64.encode(digest::digest(&digest::SHA256, canonical_body.as_bytes())) != tag("bh") {
            return false;
        }
        let mut headers: Vec<(String, String)> = head
            .replace("\r\n ", " ")
            .replace("\r\n\t", " ")
            .split("\r\n")
            .map(|l| {
                let (name, value) = l.split_once(':').unwrap();
                (name.to_lowercase(), squeeze(value))
            })
            .collect();
        let mut data = String::new();
        for name in tag("h").to_lowercase().split(':') {
            if let Some(at) = headers.iter().rposition(|(n, _)| n == name) {
                let (n, v) = headers.remove(at);
                data += &format!("{n}:{v}\r\n");
            }
        }
        let signature = tag("b");
        let without = value.rsplit_once("b=").unwrap().0;
        data += &format!("dkim-signature:{}", squeeze(&format!("{without}b=")));
        check(data.as_bytes(), &B64.decode(signature).unwrap())
    }

    const MESSAGE: &str = "From: =?utf-8?b?QcOxbmU=?= <a@example.com>\r\nTo: b@example.org\r\nSubject: A rather long \
        subject\r\n that goes  on\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\n\
        Hello  there \r\n\r\n  indented\tline\r\n\r\n\r\n";

    /// Checks data against a signature.
    type Check = Box<dyn Fn(&[u8], &[u8]) -> bool>;

    fn signers() -> Vec<(Signer, Check)> {
        let ed = Ed25519KeyPair::generate().unwrap();
        let ed_public = ed.public_key().as_ref().to_vec();
        let ed_der = ed.to_pkcs8v1().unwrap();
        let rsa = RsaPair::generate(KeySize::Rsa2048).unwrap();
        let rsa_der: Pkcs8V1Der = rsa.as_der().unwrap();
        let rsa_public: PublicKeyX509Der = rsa.public_key().as_der().unwrap();
        let rsa_public = rsa_public.as_ref().to_vec();
        vec![
            (
                Signer::new("example.com", "s1", &pem(ed_der.as_ref())).unwrap(),
                Box::new(move |data, signature| {
                    let hash = digest::digest(&digest::SHA256, data);
                    UnparsedPublicKey::new(&ED25519, &ed_public).verify(hash.as_ref(), signature).is_ok()
                }),
            ),
            (
                Signer::new("example.com", "s1", &pem(rsa_der.as_ref())).unwrap(),
                Box::new(move |data, signature| {
                    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &rsa_public).verify(data, signature).is_ok()
                }),
            ),
        ]
    }

    #[test]
    fn a_receiver_accepts_the_signature_and_notices_every_change() {
        for (signer, check) in signers() {
            let line = signer.header(MESSAGE.as_bytes(), 1_795_177_333).unwrap();
            assert!(line.split("\r\n").all(|l| l.len() <= 160), "{line}");
            assert!(verifies(&line, MESSAGE, &check));
            // What mail servers do on the way is tolerated.
            let refolded = MESSAGE
                .replace("subject\r\n that", "subject\r\n\t  that")
                .replace("Hello  there \r\n", "Hello there\r\n");
            assert!(verifies(&line, &refolded, &check));
            for (from, to) in [
                ("a@example.com", "x@example.com"),
                ("b@example.org", "c@example.org"),
                ("rather", "Rather"),
                ("Hello", "Hallo"),
                ("<1@", "<2@"),
                ("From:", "From: x@evil.example\r\nFrom:"),
            ] {
                assert!(!verifies(&line, &MESSAGE.replacen(from, to, 1), &check), "{from} -> {to}");
            }
        }
    }

    #[test]
    fn canonical_forms_are_those_of_the_rfc() {
        // RFC 6376, 3.4.5.
        assert_eq!(relaxed_field("A", " X"), "a:X\r\n");
        assert_eq!(relaxed_field("B ", " Y\t\r\n\tZ  "), "b:Y Z\r\n");
        assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
        assert_eq!(relaxed_body(""), "");
        assert_eq!(relaxed_body("\r\n\r\n"), "");
        assert_eq!(relaxed_body("no end"), "no end\r\n");
    }

    #[test]
    fn a_key_that_cannot_sign_is_named() {
        let bad = Signer::new("example.com", "s", "nonsense").map(|_| ()).unwrap_err().to_string();
        assert!(bad.contains("PKCS#8"), "{bad}");
        let bad = Signer::new("example.com", "s", &pem(&[1, 2, 3])).map(|_| ()).unwrap_err().to_string();
        assert!(bad.contains("neither"), "{bad}");
        assert!(Signer::new("example.com\r\nX: y", "s", "").is_err());
    }
}
