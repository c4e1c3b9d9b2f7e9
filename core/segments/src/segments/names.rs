//! What definitions name.
use super::{db::catalogue::Named, model::SegmentRule, tree::id_of};
use uuid::Uuid;

/// Ids that definitions may name, to be looked up.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub tags: Vec<Uuid>,
    /// Contacts and companies that links lead to.
    pub linked: Vec<Uuid>,
    /// Pipelines, their stages, and forms.
    pub others: Vec<Uuid>,
}

impl Names {
    /// With those of one more definition.
    pub(crate) fn add(&mut self, rule: &SegmentRule) {
        let mut waiting = vec![rule];
        while let Some(rule) = waiting.pop() {
            waiting.extend(&rule.rules);
            let ids = |prefix| rule.values.iter().filter_map(move |value| id_of(value, prefix));
            self.tags.extend(ids("tag"));
            self.linked.extend(["con", "com"].into_iter().flat_map(ids));
            let others = [Named::Pipeline, Named::PipelineStage, Named::Form].map(Named::prefix);
            self.others.extend(others.into_iter().flat_map(ids));
        }
    }
}
