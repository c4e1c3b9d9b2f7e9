//! Words of reports in files, which have no reader's console: English, and the languages that the console speaks.

/// `group/key`, then the word in English and in Arabic.
const WORDS: &[(&str, &str, &str)] = &[
    ("column/table", "Table", "الجدول"),
    ("column/about", "About", "بشأن"),
    ("column/line", "Line", "السطر"),
    ("column/from", "From", "من"),
    ("column/until", "Until", "إلى"),
    ("column/currency", "Currency", "العملة"),
    ("column/measure", "What is measured", "المقياس"),
    ("column/unit", "Unit", "الوحدة"),
    ("column/value", "Value", "القيمة"),
    ("column/before", "Before", "قبل ذلك"),
    ("unit/count", "Number", "عدد"),
    ("unit/money", "Money", "مال"),
    ("unit/share", "Share", "حصة"),
    ("unit/seconds", "Seconds", "ثوانٍ"),
    ("kind/overview", "Overview", "نظرة عامة"),
    ("kind/pipeline", "Pipeline", "مسار المبيعات"),
    ("kind/conversion", "Conversion", "التحويل"),
    ("kind/sources", "Sources", "المصادر"),
    ("kind/revenue", "Revenue", "الإيرادات"),
    ("kind/velocity", "Velocity", "السرعة"),
    ("kind/win_rate", "Win rate", "نسبة الفوز"),
    ("kind/activity", "Activity", "النشاط"),
    ("kind/team", "Team", "الفريق"),
    ("kind/follow_ups", "Follow-ups", "المتابعات"),
    ("kind/clients", "Clients", "العملاء"),
    ("measure/contacts_made", "New contacts", "جهات اتصال جديدة"),
    ("measure/deals_made", "New deals", "صفقات جديدة"),
    ("measure/deals_won", "Deals won", "صفقات رابحة"),
    ("measure/deals_lost", "Deals lost", "صفقات خاسرة"),
    ("measure/win_rate", "Win rate", "نسبة الفوز"),
    ("measure/won_value", "Won", "قيمة الصفقات الرابحة"),
    ("measure/deals_open", "Open deals", "صفقات مفتوحة"),
    ("measure/open_value", "Open value", "قيمة الصفقات المفتوحة"),
    ("measure/weighted_value", "Weighted value", "القيمة المرجّحة"),
    ("measure/won_home", "Won, converted", "الرابح بعد التحويل"),
    ("measure/open_home", "Open, converted", "المفتوح بعد التحويل"),
    ("measure/weighted_home", "Weighted, converted", "المرجّح بعد التحويل"),
    ("measure/activities", "Activities", "أنشطة"),
    ("measure/tasks_done", "Tasks done", "مهام منجزة"),
    ("measure/won_of_made", "Won of these", "الرابح منها"),
    ("measure/share_won", "Share won", "حصة الرابح"),
    ("measure/deals_reached", "Came this far", "وصلت إلى هنا"),
    ("measure/share_of_all", "Of all", "من الكل"),
    ("measure/share_of_step", "Of the step before", "من الخطوة السابقة"),
    ("measure/contacts_here", "Contacts here", "جهات اتصال هنا"),
    ("measure/mean_value", "Average deal", "متوسط الصفقة"),
    ("measure/median_time", "Median time", "الوقت الوسيط"),
    ("measure/mean_time", "Average time", "متوسط الوقت"),
    ("measure/deals_closed", "Deals closed", "صفقات مغلقة"),
    ("measure/call", "Calls", "مكالمات"),
    ("measure/meeting", "Meetings", "اجتماعات"),
    ("measure/email", "E-mails", "رسائل بريد"),
    ("measure/whatsapp", "WhatsApp", "واتساب"),
    ("measure/sms", "SMS", "رسائل نصية"),
    ("measure/message", "Messages", "رسائل"),
    ("measure/other", "Other", "أخرى"),
    ("measure/completion", "Completed", "نسبة الإنجاز"),
    ("measure/in_time", "In time", "في الموعد"),
    ("measure/late", "Late", "متأخرة"),
    ("measure/skipped", "Skipped", "متروكة"),
    ("measure/overdue", "Overdue", "فات موعدها"),
    ("measure/withdrawn", "No longer needed", "لم تعد لازمة"),
    ("measure/clients_active", "Active clients", "عملاء نشطون"),
    ("measure/clients_new", "New clients", "عملاء جدد"),
    ("measure/annual_value", "Annual value", "القيمة السنوية"),
    ("measure/monthly_revenue", "Monthly revenue", "الإيراد الشهري"),
    ("measure/companies", "Companies", "شركات"),
    ("measure/contracts_ending", "Contracts ending", "عقود تنتهي"),
    ("table/by_time", "Over time", "عبر الوقت"),
    ("table/stages", "Open deals by stage", "الصفقات المفتوحة حسب المرحلة"),
    ("table/lost_reasons", "Why deals were lost", "أسباب خسارة الصفقات"),
    ("table/funnel", "How far deals came", "إلى أين وصلت الصفقات"),
    ("table/contact_stages", "Where new contacts stand", "أين تقف جهات الاتصال الجديدة"),
    ("table/contacts_by_source", "Contacts by source", "جهات الاتصال حسب المصدر"),
    ("table/contacts_by_first_touch", "Contacts by first visit", "جهات الاتصال حسب الزيارة الأولى"),
    ("table/contacts_by_last_touch", "Contacts by last visit", "جهات الاتصال حسب الزيارة الأخيرة"),
    ("table/deals_by_source", "Deals by source", "الصفقات حسب المصدر"),
    ("table/won_by_source", "Won by source", "قيمة الرابح حسب المصدر"),
    ("table/deals_by_first_touch", "Deals by first visit", "الصفقات حسب الزيارة الأولى"),
    ("table/deals_by_last_touch", "Deals by last visit", "الصفقات حسب الزيارة الأخيرة"),
    ("table/deals_by_first_campaign", "Deals by first campaign", "الصفقات حسب الحملة الأولى"),
    ("table/deals_by_last_campaign", "Deals by last campaign", "الصفقات حسب الحملة الأخيرة"),
    ("table/not_converted", "Not converted: no rate", "لم يُحوَّل: لا يوجد سعر صرف"),
    ("table/won_by_month", "Won by month", "الرابح حسب الشهر"),
    ("table/forecast", "Forecast", "التوقعات"),
    ("table/by_member", "By member", "حسب العضو"),
    ("table/by_source", "By source", "حسب المصدر"),
    ("table/time_in_stage", "Time in each stage", "الوقت في كل مرحلة"),
    ("table/by_pipeline", "By pipeline", "حسب المسار"),
    ("table/by_stage", "By stage reached", "حسب المرحلة التي بلغتها"),
    ("table/won_by_member", "Won by member", "قيمة الرابح حسب العضو"),
    ("table/by_status", "By status", "حسب الحالة"),
    ("table/by_tier", "By tier", "حسب الفئة"),
    ("table/renewals", "Contracts that end", "عقود تنتهي"),
    ("label/won", "Won", "رابحة"),
    ("label/nobody", "Nobody", "لا أحد"),
    ("label/unsaid", "Not said", "غير محدد"),
    ("label/others", "All others", "كل ما عدا ذلك"),
    ("label/undated", "No day", "بلا موعد"),
    ("label/prospect", "Prospect", "محتمل"),
    ("label/active", "Active", "نشط"),
    ("label/inactive", "Inactive", "غير نشط"),
    ("label/former", "Former", "سابق"),
    ("label/blacklisted", "Blacklisted", "محظور"),
    ("label/bronze", "Bronze", "برونزية"),
    ("label/silver", "Silver", "فضية"),
    ("label/gold", "Gold", "ذهبية"),
    ("label/platinum", "Platinum", "بلاتينية"),
    ("kind/health", "Client health", "صحة العلاقات"),
    ("measure/health_good", "Going well", "بحال جيدة"),
    ("measure/health_fair", "Needs attention", "تحتاج إلى انتباه"),
    ("measure/health_poor", "At risk", "في خطر"),
    ("measure/health_unknown", "Not enough is known", "لا يُعرف ما يكفي"),
    ("measure/health_score", "Health", "الصحة"),
    ("measure/health_touch", "Last contact", "آخر تواصل"),
    ("measure/health_rhythm", "Rhythm", "الوتيرة"),
    ("measure/health_people", "People", "الأشخاص"),
    ("measure/health_renewal", "Renewal", "التجديد"),
    ("table/health_touch", "Last contact", "آخر تواصل"),
    ("table/health_rhythm", "Rhythm", "الوتيرة"),
    ("table/health_people", "People", "الأشخاص"),
    ("table/health_renewal", "Renewal", "التجديد"),
    ("table/health_companies", "Who needs attention first", "من يحتاج إلى الانتباه أولًا"),
    ("label/health_fresh", "Within two weeks", "خلال أسبوعين"),
    ("label/health_recent", "Within a month", "خلال شهر"),
    ("label/health_fading", "Within two months", "خلال شهرين"),
    ("label/health_quiet", "Within three months", "خلال ثلاثة أشهر"),
    ("label/health_silent", "Longer ago", "منذ مدة أطول"),
    ("label/health_never", "Never", "لا شيء بعد"),
    ("label/health_no_people", "Nobody is known there", "لا أحد معروف هناك"),
    ("label/health_steady", "As much as before, or more", "كما كان أو أكثر"),
    ("label/health_slower", "Less, but at least half", "أقل، لكن النصف على الأقل"),
    ("label/health_faint", "Less than half", "أقل من النصف"),
    ("label/health_stopped", "Nothing any more", "توقّف"),
    ("label/health_unknown", "Not known", "غير معروف"),
    ("label/health_known", "Somebody decides, and somebody is asked first", "يوجد من يقرر ومن يُسأل أولًا"),
    ("label/health_no_decider", "Nobody is known to decide", "لا يُعرف من يقرر"),
    ("label/health_no_first", "Nobody is asked first", "لا أحد يُسأل أولًا"),
    ("label/health_no_roles", "Neither", "لا هذا ولا ذاك"),
    ("label/health_far", "In more than three months", "بعد أكثر من ثلاثة أشهر"),
    ("label/health_coming", "In one to three months", "بعد شهر إلى ثلاثة"),
    ("label/health_near", "Within a month", "خلال شهر"),
    ("label/health_open", "Can be ended now", "يمكن إنهاؤه الآن"),
    ("label/health_passed", "Its day has passed", "فات موعده"),
    ("file/figures", "Figures", "الأرقام"),
    ("file/before", "Before", "قبل ذلك"),
    ("file/currency", "Currency", "العملة"),
    ("file/compared", "compared with", "مقارنة مع"),
    ("file/days", "days", "يوم"),
    ("file/change", "Change", "التغيّر"),
    ("file/page", "Page", "صفحة"),
    ("file/made", "Made on", "أُعدّ في"),
    ("file/open", "Get the file", "احصل على الملف"),
    ("file/earlier", "before", "قبل ذلك"),
    ("file/reason", "You get this because a scheduled report names you.", "تصلك هذه الرسالة لأن تقريرًا مجدولًا يذكرك."),
];

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Arabic,
}

impl Language {
    /// All there are.
    pub const ALL: [Language; 2] = [Language::English, Language::Arabic];

    /// BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Arabic => "ar",
        }
    }

    /// Those that these people read, each once: that of their account first, if it is among them, and alone when nobody is asked.
    pub fn read_by(locales: &[String], account: &str) -> Vec<Self> {
        let account = Self::of(account);
        let mut read = Self::ALL.to_vec();
        read.retain(|language| locales.iter().any(|locale| Self::of(locale) == *language));
        read.sort_by_key(|language| *language != account);
        if read.is_empty() { vec![account] } else { read }
    }

    /// Of a BCP 47 tag; English when the console does not speak it either.
    pub fn of(locale: &str) -> Self {
        match locale.split(['-', '_']).next() {
            Some(tag) if tag.eq_ignore_ascii_case("ar") => Language::Arabic,
            _ => Language::English,
        }
    }

    /// Whether lines begin at the right.
    pub fn is_right_to_left(self) -> bool {
        self == Language::Arabic
    }

    /// The word for a key of a group; the key itself when there is none.
    pub fn word<'a>(self, group: &str, key: &'a str) -> &'a str {
        let found = WORDS
            .iter()
            .find(|(name, ..)| name.strip_prefix(group).is_some_and(|rest| rest.strip_prefix('/') == Some(key)));
        match (found, self) {
            (Some((_, english, _)), Language::English) => english,
            (Some((.., arabic)), Language::Arabic) => arabic,
            (None, _) => key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_word_is_there_once_and_in_its_language() {
        let names: BTreeSet<&str> = WORDS.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names.len(), WORDS.len());
        for (name, english, arabic) in WORDS {
            assert!(english.is_ascii() && !arabic.is_ascii(), "{name}");
        }
        let read = |locales: &[&str], account| {
            Language::read_by(&locales.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>(), account)
        };
        assert_eq!(read(&["ar", "AR-eg"], "en"), [Language::Arabic]);
        assert_eq!((read(&["de", "en-GB"], "ar"), read(&[], "ar")), (vec![Language::English], vec![Language::Arabic]));
        assert_eq!(read(&["en", "ar"], "ar"), [Language::Arabic, Language::English]);
        assert_eq!(Language::of("ar-EG").word("measure", "late"), "متأخرة");
        assert_eq!(
            (Language::of("de").word("kind", "win_rate"), Language::of("en").word("kind", "shoes")),
            ("Win rate", "shoes")
        );
    }
}
