//! What contacts and their related records can be asked, and where it stands.
use crate::segments::model::{Operator, RelatedRecord};
use kernel::Ruled;

/// What names a thing that may be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// A member; one who left is still named by what he looked after.
    Member,
    Pipeline,
    PipelineStage,
    Form,
}

impl Named {
    pub fn prefix(self) -> &'static str {
        match self {
            Named::Member => "usr",
            Named::Pipeline => "pip",
            Named::PipelineStage => "stg",
            Named::Form => "frm",
        }
    }
    pub fn word(self) -> &'static str {
        match self {
            Named::Member => "member",
            Named::Pipeline => "pipeline",
            Named::PipelineStage => "pipeline_stage",
            Named::Form => "form",
        }
    }
}

/// What a field holds; decides how it can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text that people wrote; `true` when it is kept folded.
    Text(bool),
    /// An address of the contact, in rows of its own, kept lower-case.
    Address(&'static str),
    /// A word; of a closed list when that is not empty.
    Word(&'static [&'static str]),
    /// A stage of contacts.
    Stage,
    Id(Named),
    Tags,
    /// Several words of a closed list.
    Words(&'static [&'static str]),
    /// A whole number, or an amount in minor units.
    Number,
    Day,
    Moment,
    /// Open and past its moment.
    Overdue,
    /// Channels by which the contact may not be reached.
    Blocked,
    /// A day that comes every year.
    Birthday,
    /// Bands of a company's health, kept as scores.
    Health,
    /// A field that the tenant defined.
    Custom(Custom),
}

/// How values of a tenant's own field are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Custom {
    Text,
    LongText,
    Number,
    Money,
    Date,
    Select,
    MultiSelect,
    Checkbox,
    Id,
}

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FieldSpec {
    pub name: &'static str,
    pub kind: Kind,
    /// Where it stands.
    pub sql: &'static str,
    /// The same in the form that an index has, when that is another one.
    pub indexed: Option<&'static str>,
}

/// Where related records are found.
#[derive(Debug)]
pub(crate) struct Related {
    /// Tables, up to the conditions.
    pub source: &'static str,
    /// The column that names the contact.
    pub contact: &'static str,
    /// Which of them count.
    pub always: &'static str,
    /// The column with their ids, of those for which a tenant may define fields.
    pub own: Option<&'static str>,
    pub fields: &'static [FieldSpec],
}

const fn field(name: &'static str, kind: Kind, sql: &'static str) -> FieldSpec {
    FieldSpec { name, kind, sql, indexed: None }
}

pub(crate) const CONTACT: &[FieldSpec] = &[
    field("name", Kind::Text(true), "c.name_key"),
    field("first_name", Kind::Text(false), "c.first_name"),
    field("last_name", Kind::Text(false), "c.last_name"),
    field("company_name", Kind::Text(false), "c.company_name"),
    field("job_title", Kind::Text(false), "c.job_title"),
    field("email", Kind::Address("contact_emails e where e.contact_id = c.id"), "e.canonical"),
    field("phone", Kind::Address("contact_phones e where e.contact_id = c.id"), "e.canonical"),
    // As its index keeps it.
    field("city", Kind::Text(true), "(fold(c.address->>'city') collate \"C\")"),
    field("region", Kind::Text(false), "(c.address->>'region')"),
    field("postal_code", Kind::Text(false), "(c.address->>'postal_code')"),
    field("country", Kind::Word(&[]), "(c.address->>'country')"),
    field("language", Kind::Word(&[]), "c.language"),
    field("zone", Kind::Word(&[]), "c.zone"),
    field("stage", Kind::Stage, "c.stage"),
    field("tier", Kind::Word(&["bronze", "silver", "gold", "platinum"]), "c.tier"),
    field("score", Kind::Number, "c.score"),
    field("band", Kind::Word(&["cold", "warm", "hot"]), "c.band"),
    field("owner", Kind::Id(Named::Member), "c.owner_id"),
    field("tags", Kind::Tags, "c.tags"),
    field("source", Kind::Word(&[]), "c.source"),
    field("first_touch.source", Kind::Text(false), "(c.first_touch->'utm'->>'source')"),
    field("first_touch.medium", Kind::Text(false), "(c.first_touch->'utm'->>'medium')"),
    field("first_touch.campaign", Kind::Text(false), "(c.first_touch->'utm'->>'campaign')"),
    field("last_touch.source", Kind::Text(false), "(c.last_touch->'utm'->>'source')"),
    field("last_touch.medium", Kind::Text(false), "(c.last_touch->'utm'->>'medium')"),
    field("last_touch.campaign", Kind::Text(false), "(c.last_touch->'utm'->>'campaign')"),
    field("do_not_contact", Kind::Blocked, "b.channel"),
    field("birthday", Kind::Birthday, "o.anchor"),
    field("last_contact_at", Kind::Moment, "c.last_contact_at"),
    field("created_at", Kind::Moment, "c.created_at"),
    field("updated_at", Kind::Moment, "c.updated_at"),
];

/// The fields that a tenant defined: rows of the index of values.
pub(crate) const CUSTOM: [FieldSpec; 9] = [
    field("custom", Kind::Custom(Custom::Text), "v.text_key"),
    field("custom", Kind::Custom(Custom::LongText), "v.search_key"),
    field("custom", Kind::Custom(Custom::Number), "v.number_key"),
    field("custom", Kind::Custom(Custom::Money), "v.number_key"),
    field("custom", Kind::Custom(Custom::Date), "v.date_key"),
    field("custom", Kind::Custom(Custom::Select), "v.text_key"),
    field("custom", Kind::Custom(Custom::MultiSelect), "v.text_key"),
    field("custom", Kind::Custom(Custom::Checkbox), "v.text_key"),
    field("custom", Kind::Custom(Custom::Id), "v.text_key"),
];

/// What deals are asked: of `$row` as they are now, of `$then` what history keeps.
macro_rules! of_deals {
    ($row:literal, $then:literal $(, $more:expr)*) => {
        &[
            field("status", Kind::Word(&["open", "won", "lost", "abandoned"]), concat!($then, ".status")),
            field("title", Kind::Text(true), concat!($row, ".name_key")),
            field("pipeline", Kind::Id(Named::Pipeline), concat!($then, ".pipeline_id")),
            field("stage", Kind::Id(Named::PipelineStage), concat!($then, ".stage_id")),
            field("owner", Kind::Id(Named::Member), concat!($then, ".owner_id")),
            field("amount", Kind::Number, concat!($then, ".amount")),
            field("currency", Kind::Word(&[]), concat!($then, ".currency")),
            field("source", Kind::Word(&[]), concat!($row, ".source")),
            FieldSpec {
                name: "expected_close",
                kind: Kind::Day,
                sql: concat!($then, ".expected_close"),
                indexed: Some(concat!("coalesce(", $then, ".expected_close, date '9999-12-31')")),
            },
            field("next_step_on", Kind::Day, concat!($row, ".next_step_on")),
            field("stage_since", Kind::Moment, concat!($then, ".stage_since")),
            field("closed_at", Kind::Moment, concat!($row, ".closed_at")),
            field("created_at", Kind::Moment, concat!($row, ".created_at")),
            $($more),*
        ]
    };
}

/// The same of a row of the list of deals, which can be asked more: nothing tells segments when that changes.
macro_rules! of_listed_deals {
    ($then:literal) => {
        of_deals!(
            "d",
            $then,
            field("reason", Kind::Text(false), "d.reason"),
            field("first_source", Kind::Text(false), "d.first_source"),
            field("first_campaign", Kind::Text(false), "d.first_campaign"),
            field("last_source", Kind::Text(false), "d.last_source"),
            field("last_campaign", Kind::Text(false), "d.last_campaign"),
            field("starts_on", Kind::Day, "d.starts_on"),
            field("ends_on", Kind::Day, "d.ends_on"),
            field("closed_on", Kind::Day, "d.closed_on"),
            field("touched_at", Kind::Moment, "d.touched_at"),
            field("updated_at", Kind::Moment, "d.updated_at")
        )
    };
}

const LISTED_DEALS: &[FieldSpec] = of_listed_deals!("d");
const DEALS_THEN: &[FieldSpec] = of_listed_deals!("l");

/// What companies are asked, of `$row`.
macro_rules! of_companies {
    ($row:literal $(, $more:expr)*) => {
        &[
            field("name", Kind::Text(true), concat!($row, ".name_key")),
            field(
                "status",
                Kind::Word(&["prospect", "active", "inactive", "former", "blacklisted"]),
                concat!($row, ".status"),
            ),
            field("tier", Kind::Word(&["bronze", "silver", "gold", "platinum"]), concat!($row, ".tier")),
            field("industry", Kind::Text(false), concat!($row, ".industry")),
            field(
                "size",
                Kind::Word(&["1", "2-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001+"]),
                concat!($row, ".size"),
            ),
            field("country", Kind::Word(&[]), concat!("(", $row, ".address->>'country')")),
            field("owner", Kind::Id(Named::Member), concat!($row, ".owner_id")),
            field("annual_value", Kind::Number, concat!($row, ".annual_value")),
            field("monthly_revenue", Kind::Number, concat!($row, ".monthly_revenue")),
            FieldSpec {
                name: "renews_on",
                kind: Kind::Day,
                sql: concat!($row, ".renews_on"),
                indexed: Some(concat!("coalesce(", $row, ".renews_on, '9999-12-31'::date)")),
            },
            field("client_since", Kind::Day, concat!($row, ".client_since")),
            $($more),*
        ]
    };
}

/// The same of a row of the list of companies, which can be asked more.
const LISTED_COMPANIES: &[FieldSpec] = of_companies!(
    "c",
    field("domain", Kind::Text(false), "c.domain"),
    field("currency", Kind::Word(&[]), "c.currency"),
    field("lifetime_value", Kind::Number, "c.lifetime_value"),
    field("contract_value", Kind::Number, "c.contract_value"),
    field("recurring_revenue", Kind::Number, "c.recurring_revenue"),
    field("health", Kind::Health, "c.health"),
    field("cancel_by", Kind::Day, "c.cancel_by"),
    field("created_at", Kind::Moment, "c.created_at"),
    field("updated_at", Kind::Moment, "c.updated_at")
);

const DEAL: Related = Related {
    source: "deals d join deal_contacts dc on dc.deal_id = d.id",
    contact: "dc.contact_id",
    always: "d.deleted_at is null",
    own: Some("d.id"),
    fields: of_deals!(
        "d",
        "d",
        field("role", Kind::Word(&["decision_maker", "influencer", "user", "billing", "other"]), "dc.role")
    ),
};

const COMPANY: Related = Related {
    source: "companies f join company_contacts fc on fc.company_id = f.id",
    contact: "fc.contact_id",
    always: "f.deleted_at is null",
    own: Some("f.id"),
    fields: of_companies!("f", field("role", Kind::Words(&["decision_maker", "technical", "billing"]), "fc.roles")),
};

const TASK: Related = Related {
    source: "tasks t",
    contact: "t.contact_id",
    always: "t.deleted_at is null and t.contact_id is not null",
    own: None,
    fields: &[
        field("status", Kind::Word(&["open", "done", "skipped"]), "t.status"),
        field("kind", Kind::Word(&["task", "call", "email", "message", "meeting", "proposal", "invoice"]), "t.kind"),
        field("overdue", Kind::Overdue, "t.due_at"),
        field("assignee", Kind::Id(Named::Member), "t.assignee_id"),
        field("due_on", Kind::Day, "t.due_on"),
        field("closed_at", Kind::Moment, "t.closed_at"),
    ],
};

const ACTIVITY: Related = Related {
    source: "activities a",
    contact: "a.contact_id",
    always: "a.contact_id is not null",
    own: None,
    fields: &[
        field("kind", Kind::Word(&["call", "meeting", "email", "whatsapp", "sms", "message", "other"]), "a.kind"),
        field("direction", Kind::Word(&["outbound", "inbound"]), "a.direction"),
        field("occurred_at", Kind::Moment, "a.occurred_at"),
    ],
};

const SUBMISSION: Related = Related {
    source: "submissions s",
    contact: "s.contact_id",
    always: "s.contact_id is not null and s.accepted_at is not null and s.state <> 'spam'",
    own: None,
    fields: &[field("form", Kind::Id(Named::Form), "s.form_id"), field("submitted_at", Kind::Moment, "s.created_at")],
};

/// Where records of a kind are found.
pub(crate) fn related(record: RelatedRecord) -> &'static Related {
    match record {
        RelatedRecord::Deal => &DEAL,
        RelatedRecord::Company => &COMPANY,
        RelatedRecord::Task => &TASK,
        RelatedRecord::Activity => &ACTIVITY,
        RelatedRecord::Submission => &SUBMISSION,
    }
}

/// What can be asked of a row.
pub(crate) struct Asked {
    pub fields: &'static [FieldSpec],
    /// The column with its id, if a tenant may define fields for such records.
    pub own: Option<&'static str>,
    /// Of which records those fields are; none of contacts.
    pub record: Option<RelatedRecord>,
}

/// What can be asked of a row that rules are said of, or within of its related records.
pub(crate) fn asked(of: Ruled, within: Option<RelatedRecord>) -> Asked {
    let (fields, own, record) = match (of, within) {
        (_, Some(record)) => (related(record).fields, related(record).own, Some(record)),
        (Ruled::Contacts, _) => (CONTACT, Some("c.id"), None),
        (Ruled::Companies, _) => (LISTED_COMPANIES, Some("c.id"), Some(RelatedRecord::Company)),
        (Ruled::Deals, _) => (LISTED_DEALS, Some("d.id"), Some(RelatedRecord::Deal)),
        (Ruled::DealsThen, _) => (DEALS_THEN, Some("d.id"), Some(RelatedRecord::Deal)),
    };
    Asked { fields, own, record }
}

use Operator as O;
const TEXT: &[O] = &[O::Is, O::IsNot, O::Contains, O::NotContains, O::StartsWith, O::EndsWith, O::Empty, O::NotEmpty];
const LONG: &[O] = &[O::Contains, O::NotContains, O::Empty, O::NotEmpty];
const WORD: &[O] = &[O::AnyOf, O::NoneOf, O::Empty, O::NotEmpty];
const LIST: &[O] = &[O::AnyOf, O::AllOf, O::NoneOf, O::Empty, O::NotEmpty];
const NUMBER: &[O] = &[O::Is, O::IsNot, O::Below, O::AtMost, O::Above, O::AtLeast, O::Between, O::Empty, O::NotEmpty];
const DAYS: &[O] = &[
    O::On,
    O::Before,
    O::After,
    O::Between,
    O::InLastDays,
    O::InNextDays,
    O::MoreThanDaysAgo,
    O::MoreThanDaysAhead,
    O::Today,
    O::ThisWeek,
    O::ThisMonth,
    O::LastMonth,
    O::NextMonth,
    O::ThisYear,
    O::Empty,
    O::NotEmpty,
];
const YEARLY: &[O] = &[
    O::Today,
    O::InNextDays,
    O::InLastDays,
    O::ThisWeek,
    O::ThisMonth,
    O::NextMonth,
    O::LastMonth,
    O::Empty,
    O::NotEmpty,
];
const FLAG: &[O] = &[O::Yes, O::No];

impl Kind {
    /// How it can be compared.
    pub fn operators(self) -> &'static [Operator] {
        match self {
            Kind::Text(_) | Kind::Address(_) | Kind::Custom(Custom::Text) => TEXT,
            Kind::Custom(Custom::LongText) => LONG,
            Kind::Word(_) | Kind::Stage | Kind::Id(_) | Kind::Blocked | Kind::Custom(Custom::Select | Custom::Id) => {
                WORD
            }
            Kind::Tags | Kind::Words(_) | Kind::Custom(Custom::MultiSelect) => LIST,
            Kind::Number | Kind::Custom(Custom::Number | Custom::Money) => NUMBER,
            Kind::Day | Kind::Moment | Kind::Custom(Custom::Date) => DAYS,
            Kind::Birthday => YEARLY,
            Kind::Health => &[O::AnyOf, O::NoneOf],
            Kind::Overdue | Kind::Custom(Custom::Checkbox) => FLAG,
        }
    }
}
