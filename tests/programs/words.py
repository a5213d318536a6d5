"""What coordinators write: zones, titles, people, rooms and reasons, with every kind of letter and sign."""

from __future__ import annotations

ZONES = (
    "America/Chicago", "America/New_York", "America/Denver", "America/Los_Angeles", "America/Phoenix",
    "America/St_Johns", "America/Vancouver", "America/Nuuk", "America/Santiago", "America/Havana",
    "America/Sao_Paulo", "America/Indiana/Indianapolis", "America/Anchorage", "Pacific/Honolulu",
    "Europe/London", "Europe/Dublin", "Europe/Berlin", "Europe/Lisbon", "Europe/Moscow",
    "Africa/Casablanca",
    "Africa/Cairo", "Africa/Lagos", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tokyo",
    "Asia/Tehran", "Australia/Sydney", "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Brisbane",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia", "UTC",
)  # fmt: skip

PROGRAMS = (
    "Riverbend Evening IOP", "Harbor House, Day Program", "Tagesklinik “Am Fluß”",
    "Programa Ambulatorio – Otoño",
    "Substance Use IOP; Evenings", "Årsta öppenvård", "回復プログラム", "Centre l'Étoile", "مركز الأمل",
    "North & South IOP",
    "תוכנית בוקר", "Wellness 🌱 Track", "Program \"B\"", "DBT/IOP #2", "Mañana: paso a paso", "Øst – aften",
)  # fmt: skip

# names that people attend, by kind; no two have one slug
TITLES: dict[str, tuple[str, ...]] = {
    "group": (
        "Process group", "Check-in", "Relapse prevention", "Men's group", "Grupo de proceso", "Прозесс",
        "Evening group; open", "Group – 回復", "Wrap-up, all together", "קבוצת תמיכה", "Kreis \"Mut\"",
        "AC\\DC circle",
    ),
    "skills": (
        "Skills group", "Coping skills", "DBT: skills", "Distress tolerance", "技能訓練",
        "Fertigkeiten (Übung)",
        "Skills 🧘🏽\u200d♀️", "Mindfulness, skills & more", "مهارات",
    ),
    "education": (
        "Education", "Medication education", "Psychoeducation: mood", "Family Education",
        "Ernährung & Alltag",
        "Sleep/rest", "Éducation thérapeutique", "Bildung, Teil 1",
    ),
    "occupational": ("Occupational therapy", "Work readiness", "Ergotherapie"),
    "expressive": ("Art therapy", "Music & movement", "Театр", "絵画", "Yoga 🪷 flow"),
    "medication": ("Medication check", "Nurse visit"),
    "case-management": ("Case management", "Benefits & housing"),
    "peer-support": ("Peer circle", "Alumni hour", "Social Support"),
    "meal": ("Therapeutic dinner", "Lunch, together", "Abendbrot"),
    "break": ("Break", "Pause", "Tea ☕ break", "Stretch"),
    "staffing": ("Staffing", "Team – Übergabe"),
    "drug-screen": ("Screen", "UA"),
    "individual": ("Individual therapy", "1:1 with therapist", "Einzelgespräch"),
    "family": ("Family group", "Family session", "משפחה"),
    "other": ("Community meeting", "Open hour", "Garden – Beet 7", "☀️", "?!"),
}  # fmt: skip

PHASES = (
    "Intensive", "Step-down", "Continuing care", "Phase I", "Phase II; steady", "Orientation, first steps",
    "Übergang", "安定期", "שלב שני", "Aftercare", "Transition \"light\"", "Основа",
)  # fmt: skip

TOPICS = (
    "Coping skills", "Triggers, cues & cravings", "Values", "Sleep; rest", "Anger – Wut", "Grief",
    "Boundaries: yes/no",
    "Relaxation", "Core beliefs", "Thought \"traps\"", "家族", "Спокойствие", "Naïve hope",
    "Ask for help 🤝", "Opposite action",
    "שינה", "Emoción", "Money & work", "Back\\slash day", "Body scan",
)  # fmt: skip

PEOPLE = (
    "asmith",
    "J. Lee, LCSW",
    "Dr. Ñandú",
    "Müller-Öztürk",
    "O'Brien",
    "מרים",
    "佐藤",
    'Ana "Nan" Diaz',
    "kbaker",
)
ROOMS = ("Room 2", "Room B, upstairs", 'Saal "Elbe"', "Room #4", "West; quiet", "和室", "Kitchen")
PLACES = (
    "12 Main St, Suite #200", "Haus 3; Eingang Süd", "By phone: 2nd floor", "Rua das Flores, 7 – Porto",
    "Unit C:\\West", "北区1丁目", "רחוב הרצל 5",
)  # fmt: skip
LINKS = (
    "https://meet.example.org/a?b=c&d=1,2", "https://video.example.com/r/9f3;x",
    "http://tele.example.net/room#7",
    "https://example.org/%D7%A9",
)  # fmt: skip
PHONES = ("+1 312 555 0100", "(02) 5550-1234 x9", "+49 30 555-0177")
REASONS = (
    "Snow", "Snow, ice", "Leader ill", "Boiler: repair", "Staff retreat; all sites", "Two-hour delay",
    "Winter break",
    "Fire drill #2", "Fußboden", "悪天候", "חג", "Power \"flicker\"", "Water main – break", "Election",
)  # fmt: skip
NOTES = (
    "Bring your workbook.", "First line\nSecond, with a comma; and more",
    "Parking: lot B\n\n- snacks, tea \\ water",
    "Ünïcode – ✓ 日本語 עברית", "Quiet shoes",
)  # fmt: skip
ADDED = (
    "Alumni dinner", "Open house, everyone", "Graduation 🎓", "Guest talk: recovery", "Fire drill",
    "Besuch; Sommerfest",
    "Blood drive", "音楽会", "Family picnic", "Vaccination",
)  # fmt: skip
EXTRA = (
    "Late group",
    "Saturday walk",
    "Night watch",
    "Community dinner; monthly",
    "Weekend call",
    "Evening review",
)
TRACKS = ("morning", "evening", "noon-2", "late")
TRACK_TITLES = ("Morning track", "Evening, after work", "Mittag", "夜", 'Track "M"')
COHORTS = ("c1", "spring-27", "b", "2027.2")

# public holidays by the code that names them; the names stand in the `holidays` library
HOLIDAYS: dict[str, tuple[str, ...]] = {
    "US": (
        "Labor Day",
        "Thanksgiving Day",
        "Christmas Day",
        "Independence Day",
        "New Year's Day",
        "Memorial Day",
    ),
    "US-IL": ("Casimir Pulaski Day", "Lincoln's Birthday", "Veterans Day", "Columbus Day"),
    "GB": ("Boxing Day", "Good Friday", "Christmas Day", "May Day"),
    "DE": ("German Unity Day", "Good Friday", "Easter Monday", "Labor Day"),
    "DE-BY": ("Epiphany", "Corpus Christi", "All Saints' Day"),
    "CA": ("Canada Day", "Labor Day", "Christmas Day"),
    "CA-ON": ("Family Day", "Victoria Day", "Thanksgiving Day"),
    "AU-NSW": ("ANZAC Day", "King's Birthday", "Australia Day"),
    "IE": ("Saint Patrick's Day", "Easter Monday", "October Bank Holiday"),
}
