//! What a run is.
use crate::report_schedules::model::ReportScheduleId;
use chrono::{DateTime, Utc};
use kernel::{ids::UserId, row};
use poem_openapi::Object;

kernel::id!(ReportRunId, "rpr", "One time that a report came by itself.");

kernel::word! {
    /// What became of it.
    pub enum ReportRunState {
        /// It is being made.
        #[default]
        Waiting = "waiting",
        /// Its mails are on their way.
        Sent = "sent",
        /// It could not be made.
        Failed = "failed",
    }
}

row! {
    /// One time that a report came by itself.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ReportRun {
        /// Its id.
        pub id: ReportRunId,
        /// Of which schedule.
        pub schedule: ReportScheduleId,
        /// When it should come, UTC; when somebody asked for it, if it was sent by hand.
        pub due_at: DateTime<Utc>,
        /// What became of it.
        pub state: ReportRunState,
        /// Why it could not be made: the code of a problem.
        pub error: Option<String>,
        /// Members who got it, or should.
        pub recipients: Vec<UserId>,
        /// What its file is called; absent while there is none.
        pub file_name: Option<String>,
        /// When it was begun, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was over, UTC.
        pub finished_at: Option<DateTime<Utc>>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

row! {
    /// A run that is not over.
    #[derive(Debug, Clone)]
    pub(crate) struct WaitingRun {
        pub schedule: ReportScheduleId,
        pub due_at: DateTime<Utc>,
    }
}

row! {
    /// The file of a run.
    #[derive(Debug, Clone)]
    pub(crate) struct RunFile {
        /// Of its schedule.
        pub owner: UserId,
        /// Whether the one who asks got it.
        pub is_reader: bool,
        pub file_name: Option<String>,
        pub content: Option<Vec<u8>>,
    }
}
