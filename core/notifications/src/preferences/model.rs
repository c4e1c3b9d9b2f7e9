//! A preference: one person, one kind of news, one channel. What nobody chose is as the kind says.
use kernel::{
    Error, Result,
    error::FieldProblem,
    notices::{Channel, NoticeKind},
};
use poem_openapi::Object;
use uuid::Uuid;

/// Whether one is told a kind of news in one way.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "NotificationPreference")]
pub struct Preference {
    /// The module that tells it.
    pub module: String,
    /// The kind of news, for example submission.received.
    pub kind: String,
    /// The way.
    pub channel: Channel,
    /// Whether.
    pub enabled: bool,
    /// Whether it is told whatever one chooses: what concerns security, or something that stopped working.
    pub always: bool,
}

/// Whether one wants to be told a kind of news in one way.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "NotificationPreferenceChange", deny_unknown_fields)]
pub struct PreferenceChange {
    /// The kind of news, as the list of preferences names it; 422 `kind_unknown` when there is none, `kind_always` when it is
    /// always told.
    pub kind: String,
    /// The way.
    pub channel: Channel,
    /// Whether.
    pub enabled: bool,
}

/// Preferences to change; what is not named stays.
#[derive(Object, Debug, Clone)]
#[oai(rename = "NotificationPreferenceChanges", deny_unknown_fields)]
pub struct PreferenceChanges {
    /// The changes.
    #[oai(validator(max_items = 200))]
    pub items: Vec<PreferenceChange>,
}

kernel::row! {
    /// What somebody chose. The kind is empty for all kinds of the module: so it was chosen before there were kinds.
    #[derive(Debug, Clone)]
    pub(crate) struct Choice {
        pub(crate) user_id: Uuid,
        pub(crate) module: String,
        pub(crate) kind: String,
        pub(crate) channel: String,
        pub(crate) enabled: bool,
    }
}

/// Whether a person wants a kind of news in one way; `choices` are at least his about its module.
pub(crate) fn wants(kind: &NoticeKind, choices: &[Choice], user: Uuid, channel: Channel) -> bool {
    let chosen = |key: &str, channel: Channel| {
        let fits = |c: &&Choice| {
            c.user_id == user && c.module == kind.module && c.kind == key && c.channel == channel.as_str()
        };
        choices.iter().find(fits).map(|c| c.enabled)
    };
    // Before there were kinds, devices were told only what was told in the app.
    let devices = || (channel == Channel::Push && chosen("", Channel::InApp) == Some(false)).then_some(false);
    let choice = chosen(kind.key, channel).or_else(|| chosen("", channel).filter(|on| !on)).or_else(devices);
    kind.always || choice.unwrap_or_else(|| kind.channels.contains(&channel))
}

/// Every kind with every channel, as one person has it.
pub(crate) fn matrix(kinds: &[&'static NoticeKind], choices: &[Choice], user: Uuid) -> Vec<Preference> {
    let preference = |(kind, channel): (&NoticeKind, Channel)| Preference {
        module: kind.module.into(),
        kind: kind.key.into(),
        channel,
        enabled: wants(kind, choices, user, channel),
        always: kind.always,
    };
    kinds.iter().flat_map(|kind| Channel::ALL.iter().map(|channel| (*kind, *channel))).map(preference).collect()
}

/// The kinds that are to change, in the order of the changes; refuses those that do not exist, and those that are always told.
pub(crate) fn check(changes: &[PreferenceChange], kinds: &[&'static NoticeKind]) -> Result<Vec<&'static NoticeKind>> {
    let mut wrong = vec![];
    let mut meant = vec![];
    for (i, change) in changes.iter().enumerate() {
        let problem =
            |code: &str, detail: String| FieldProblem { field: format!("/items/{i}/kind"), code: code.into(), detail };
        match kinds.iter().find(|kind| kind.key == change.kind) {
            None => wrong.push(problem("kind_unknown", format!("There is no kind of news {:?}.", change.kind))),
            Some(kind) if kind.always => {
                wrong.push(problem("kind_always", "This is told whatever people choose.".into()));
            }
            Some(kind) => meant.push(*kind),
        }
    }
    if wrong.is_empty() { Ok(meant) } else { Err(Error::invalid_fields(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    kernel::notices! {
        /// In every way.
        EVERYWHERE = "deal.assigned" [InApp, Email, Push],
        /// Without an e-mail.
        QUIET = "deal.quiet" [InApp, Push],
        /// Whatever people choose.
        ALWAYS = "deal.always" always,
    }

    const ME: Uuid = Uuid::from_u128(1);

    fn chose(kind: &str, channel: Channel, enabled: bool) -> Choice {
        let channel = channel.as_str().to_owned();
        Choice { user_id: ME, module: EVERYWHERE.module.into(), kind: kind.into(), channel, enabled }
    }

    fn wanted(kind: &NoticeKind, choices: &[Choice]) -> Vec<bool> {
        Channel::ALL.iter().map(|channel| wants(kind, choices, ME, *channel)).collect()
    }

    #[test]
    fn what_nobody_chose_is_as_the_kind_says_and_ways_are_chosen_apart() {
        assert_eq!(wanted(&EVERYWHERE, &[]), [true, true, true]);
        assert_eq!(wanted(&QUIET, &[]), [true, false, true]);
        let here = chose("deal.assigned", Channel::InApp, false);
        assert_eq!(wanted(&EVERYWHERE, std::slice::from_ref(&here)), [false, true, true]);
        assert_eq!(wanted(&QUIET, &[here, chose("deal.quiet", Channel::Email, true)]), [true, true, true]);
        let others = [Choice { user_id: Uuid::from_u128(2), ..chose("deal.assigned", Channel::Email, false) }];
        assert_eq!(wanted(&EVERYWHERE, &others), [true, true, true]);
        let all = Channel::ALL.iter().map(|channel| chose("deal.always", *channel, false)).collect::<Vec<_>>();
        assert_eq!(wanted(&ALWAYS, &all), [true, true, true]);
    }

    #[test]
    fn a_choice_from_before_there_were_kinds_is_for_all_of_the_module_until_one_is_chosen() {
        let no_mail = chose("", Channel::Email, false);
        assert_eq!(wanted(&EVERYWHERE, std::slice::from_ref(&no_mail)), [true, false, true]);
        assert_eq!(wanted(&EVERYWHERE, &[no_mail, chose("deal.assigned", Channel::Email, true)]), [true, true, true]);
        // What was switched on is what it was without a choice: kinds that came without an e-mail have none.
        assert_eq!(wanted(&QUIET, &[chose("", Channel::Email, true)]), [true, false, true]);
        let not_here = chose("", Channel::InApp, false);
        assert_eq!(wanted(&EVERYWHERE, std::slice::from_ref(&not_here)), [false, true, false]);
        assert_eq!(wanted(&EVERYWHERE, &[not_here, chose("deal.assigned", Channel::Push, true)]), [false, true, true]);
    }

    #[test]
    fn only_kinds_that_exist_and_have_a_choice_are_changed() {
        let kinds: Vec<_> = NOTICES.iter().collect();
        assert_eq!(matrix(&kinds, &[], ME).len(), 9);
        let change = |kind: &str| PreferenceChange { kind: kind.into(), channel: Channel::Push, enabled: false };
        assert_eq!(check(&[change("deal.quiet")], &kinds).unwrap(), [&QUIET]);
        for wrong in ["deal.none", "", "deal.always"] {
            assert!(check(&[change("deal.quiet"), change(wrong)], &kinds).is_err(), "{wrong}");
        }
    }
}
