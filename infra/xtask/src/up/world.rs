//! The demo world: an agency, two clients, a form each. The core makes it; here it is only read and shown.

use std::fs;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::place::{Place, Ports};
use crate::sites::Site;

/// What `upzento admin seed-demo --json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    /// Somebody who runs the platform.
    pub platform_admin: Login,
    /// The agency and its owner.
    pub agency: Agency,
    /// Its clients; the demo websites show the form of the first.
    pub clients: Vec<Client>,
}

/// Credentials of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Address to sign in with.
    pub email: String,
    /// Password.
    pub password: String,
    /// Secret of the authenticator app, in base32, for those who need a second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
}

/// An agency with its owner's credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Name.
    pub name: String,
    /// Tenant id, `ten_…`.
    pub tenant: String,
    /// The owner.
    #[serde(flatten)]
    pub owner: Login,
}

/// A client with its admin's credentials and its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Name.
    pub name: String,
    /// Tenant id, `ten_…`.
    pub tenant: String,
    /// The admin.
    #[serde(flatten)]
    pub admin: Login,
    /// Widget id of the form, `w_…`.
    pub widget: String,
    /// Form id, `frm_…`.
    pub form: String,
}

impl World {
    /// The world made by an earlier run.
    pub fn load(place: &Place) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(place.path("demo.json")).ok()?).ok()
    }

    /// Reads what the core printed and keeps it.
    ///
    /// # Errors
    /// It is not the expected JSON, or the file cannot be written.
    pub fn keep(place: &Place, printed: &str) -> Result<Self> {
        // The world is the last line: a program may have logged before it.
        let begin = printed.find('{').context("seed-demo printed no JSON")?;
        let whole: serde_json::Value = serde_json::from_str(&printed[begin..]).context("seed-demo printed no JSON")?;
        let world: Self = serde_json::from_value(whole.clone()).context("seed-demo printed something else")?;
        // Everything is kept, also what only tests look at.
        crate::files::write_private(&place.path("demo.json"), &format!("{whole:#}\n"))?;
        Ok(world)
    }
}

/// What the demo websites show. Without a world they show what a visitor sees when no form is there: the link.
pub fn site(world: Option<&World>, ports: &Ports) -> Site {
    let client = world.and_then(|world| world.clients.first());
    Site {
        name: client.map_or("Kestrel Cycles", |client| &client.name).to_owned(),
        widget: client.map_or("w_0000000000000000", |client| &client.widget).to_owned(),
        edge: format!("http://localhost:{}", ports.edge),
        home: format!("http://localhost:{}", ports.shop),
    }
}

/// The lines that `up` ends with.
pub fn summary(world: Option<&World>, ports: &Ports) -> String {
    let mut text = format!(
        "\n  Dashboard      http://localhost:{core}/\n  API            http://localhost:{core}/docs\n  Administration http://localhost:{admin}/admin\n  \
         Demo website   http://localhost:{shop}/  (form inline; /popup, /float, /strict)\n  \
         Not allowed    http://localhost:{blog}/  (same snippet, only its link)\n  \
         Mail page      http://localhost:{mail}/\n",
        core = ports.core,
        admin = ports.admin,
        shop = ports.shop,
        blog = ports.blog,
        mail = ports.mail,
    );
    let Some(world) = world else {
        return text + "\n  There is no demo world yet, so the demo websites show their links only.\n";
    };
    let mut people = vec![
        ("platform admin".to_owned(), &world.platform_admin),
        (format!("{}, owner", world.agency.name), &world.agency.owner),
    ];
    people.extend(world.clients.iter().map(|client| (format!("{}, admin", client.name), &client.admin)));
    let widest = people.iter().map(|(who, _)| who.chars().count()).max().unwrap_or(0);
    let widest_email = people.iter().map(|(_, login)| login.email.len()).max().unwrap_or(0);
    text.push('\n');
    for (who, login) in people {
        text += &format!("  {who:widest$}  {:widest_email$}  {}\n", login.email, login.password);
        if let Some(secret) = &login.totp_secret {
            text += &format!("  {:widest$}  with a code of an authenticator app whose key is {secret}\n", "");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_is_read_from_what_the_core_prints() {
        let printed = r#"{"platform_admin":{"email":"root@x","password":"p","totp_secret":"ABC"},
          "agency":{"name":"Northlight Studio","email":"a@x","password":"q","tenant":"ten_1","more":1},
          "clients":[{"name":"Kestrel","tenant":"ten_2","email":"k@x","password":"r","widget":"w_1","form":"frm_1"}]}"#;
        let world: World = serde_json::from_str(printed).unwrap();
        let ports = Ports::with_offset(0).unwrap();
        assert_eq!(site(Some(&world), &ports).widget, "w_1");
        let text = summary(Some(&world), &ports);
        assert!(text.contains("Northlight Studio, owner  a@x") && text.contains("http://localhost:8100/"), "{text}");
        assert!(text.contains("key is ABC"), "{text}");
        assert!(summary(None, &ports).contains("no demo world"));
    }
}
