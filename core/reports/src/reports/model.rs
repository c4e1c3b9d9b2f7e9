//! What a report says.
use super::period::{ReportCompare, ReportSpan};
use chrono::NaiveDate;
use deals::StageId;
use kernel::ids::UserId;
use poem_openapi::Object;

kernel::word! {
    /// What a report is about.
    pub enum ReportKind {
        /// A little of everything.
        #[default]
        Overview = "overview",
        /// Open deals by stage, and what came and went.
        Pipeline = "pipeline",
        /// How far deals and contacts come.
        Conversion = "conversion",
        /// Where contacts and deals come from.
        Sources = "sources",
        /// What was won by month, and what may still come.
        Revenue = "revenue",
        /// How long deals take.
        Velocity = "velocity",
        /// Which share of closed deals is won.
        WinRate = "win_rate",
        /// Calls, meetings and messages.
        Activity = "activity",
        /// What each member did.
        Team = "team",
        /// What became of tasks that were due.
        FollowUps = "follow_ups",
        /// Companies: who is a client, what they are worth, whose contract ends.
        Clients = "clients",
        /// Companies: how the relationship with each is doing, part by part.
        Health = "health",
    }
}

kernel::word! {
    /// In what a number is said.
    pub enum ReportUnit {
        /// How many.
        #[default]
        Count = "count",
        /// Minor units of a currency.
        Money = "money",
        /// Hundredths of a percent: 9050 is 90.5 %.
        Share = "share",
        /// Seconds.
        Seconds = "seconds",
    }
}

kernel::word! {
    /// What the lines of a table are.
    pub enum ReportDimension {
        /// A day, or a month when there are many: `from` and `until` say which.
        #[default]
        Time = "time",
        /// A stage of a pipeline.
        Stage = "stage",
        /// A member, or nobody.
        Member = "member",
        /// Where something came from, or not said.
        Source = "source",
        /// A pipeline.
        Pipeline = "pipeline",
        /// A stage of contacts.
        ContactStage = "contact_stage",
        /// A kind of activity.
        ActivityKind = "activity_kind",
        /// A status of companies.
        CompanyStatus = "company_status",
        /// A tier of companies, or none.
        CompanyTier = "company_tier",
        /// What was found about a part of companies' health: a word.
        Health = "health",
        /// A company.
        Company = "company",
        /// The name of a campaign, or not said.
        Campaign = "campaign",
        /// A currency.
        Currency = "currency",
        /// A reason why a deal was lost.
        Reason = "reason",
    }
}

kernel::word! {
    /// How a table is drawn beside being written.
    pub enum ReportDrawing {
        /// Not at all.
        #[default]
        Nothing = "nothing",
        /// Columns along time.
        Columns = "columns",
        /// A bar for each line.
        Bars = "bars",
        /// Bars that get narrower.
        Funnel = "funnel",
    }
}

kernel::word! {
    /// A list that shows rows behind a number: `GET /v1/<list>`.
    pub enum ReportList {
        /// Deals.
        #[default]
        Deals = "deals",
        /// Contacts.
        Contacts = "contacts",
        /// Companies.
        Companies = "companies",
        /// Tasks.
        Tasks = "tasks",
        /// Activities.
        Activities = "activities",
    }
}

/// The list that shows exactly the rows behind a number, and how many it shows.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "ReportRows", skip_serializing_if_is_none)]
pub struct Rows {
    /// Which list: `GET /v1/<list>`.
    pub list: ReportList,
    /// Its conditions, as the list takes them.
    pub filter: Vec<String>,
    /// Of deals: the parameter `reached`.
    pub reached: Option<StageId>,
    /// Of deals: the parameter `was_in`.
    pub was_in: Option<StageId>,
    /// How many rows it shows.
    pub count: i64,
}

/// A number.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq)]
#[oai(rename = "ReportNumber", skip_serializing_if_is_none)]
pub struct Number {
    /// In the unit of its column; absent when there is nothing to say, such as a share of nothing.
    pub value: Option<i64>,
    /// The same in the days that are compared.
    pub before: Option<i64>,
    /// ISO 4217, of money.
    pub currency: Option<String>,
    /// Where it comes from.
    pub rows: Option<Rows>,
}

/// A number that stands for itself.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "ReportFigure")]
pub struct Figure {
    /// What it is, for example `deals_won`.
    pub key: String,
    /// In what it is said.
    pub unit: ReportUnit,
    /// The number. Money has one for each currency.
    pub numbers: Vec<Number>,
}

/// A column of a table.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "ReportColumn")]
pub struct Column {
    /// What it is, for example `deals_won`.
    pub key: String,
    /// In what it is said.
    pub unit: ReportUnit,
}

/// What a line is about.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq)]
#[oai(rename = "ReportLabel", skip_serializing_if_is_none)]
pub struct Label {
    /// A key or name as it is kept; absent for what is not said, and for members and days.
    pub text: Option<String>,
    /// A word of the product instead: `won` after the stages of a funnel, `others` after the fifty sources or campaigns that count
    /// most, for all others together.
    pub word: Option<String>,
    /// The member; absent for nobody.
    pub member: Option<UserId>,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// ISO 4217, when the table has a line for each currency.
    pub currency: Option<String>,
}

/// A line of a table.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "ReportLine")]
pub struct Line {
    /// What it is about.
    pub label: Label,
    /// One for each column.
    pub numbers: Vec<Number>,
}

/// A table, and how it is drawn.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "ReportTable", skip_serializing_if_is_none)]
pub struct Table {
    /// What it is, for example `won_by_month`.
    pub key: String,
    /// What its lines are.
    pub dimension: ReportDimension,
    /// More about which one, as it is kept: the name of a pipeline.
    pub about: Option<String>,
    /// How it is drawn, by its first column.
    pub drawing: ReportDrawing,
    /// Its columns, besides the label.
    pub columns: Vec<Column>,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Some days.
#[derive(Object, Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportDays {
    /// The first one.
    pub from: NaiveDate,
    /// The last one.
    pub until: NaiveDate,
}

/// What the records add up to in some days, as far as the caller may see them.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(skip_serializing_if_is_none)]
pub struct Report {
    /// What it is about.
    pub kind: ReportKind,
    /// Which days, as they were asked for.
    pub span: ReportSpan,
    /// With what they are compared.
    pub compare: ReportCompare,
    /// The days.
    pub days: ReportDays,
    /// The days that are compared.
    pub before: Option<ReportDays>,
    /// The zone whose days are meant.
    pub zone: String,
    /// Numbers that stand for themselves.
    pub figures: Vec<Figure>,
    /// Tables.
    pub tables: Vec<Table>,
}

/// Kinds of reports that somebody may see.
#[derive(Object, Debug, Clone)]
pub struct Reports {
    /// In the order in which they are offered.
    pub kinds: Vec<ReportKind>,
}
