/* libical, as in Evolution and GNOME: which sessions does a file hold?
 *
 * li FROM TO < LIST     one line of JSON a file: {"occurrences": [[START, END, STATUS, SUMMARY], ...]}
 * li FILE FROM TO       START END STATUS SUMMARY, a line an occurrence
 *
 * FROM and TO are days as 2027-01-04; an occurrence belongs to them when it starts in [FROM, TO), in UTC.
 * A parse error, a broken restriction of RFC 5546 or a TZID without its VTIMEZONE is an error of the file.
 * gcc -o li li.c $(pkg-config --cflags --libs libical)
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static time_t from, to;
static int json, count;

static void quote(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static const char *status_of(icalcomponent *event)
{
    icalproperty *status = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
    return status ? icalproperty_get_value_as_string(status) : "";
}

static void tell(icalcomponent *event, struct icaltime_span *span, void *unused)
{
    (void)unused;
    if (span->start < from || span->start >= to)
        return;
    const char *summary = icalcomponent_get_summary(event);
    const char *status = status_of(event);
    char start[32], end[32];
    strftime(start, sizeof start, "%Y%m%dT%H%M%SZ", gmtime(&span->start));
    strftime(end, sizeof end, "%Y%m%dT%H%M%SZ", gmtime(&span->end));
    if (!json) {
        printf("%s %s %s %s\n", start, end, *status ? status : "-", summary ? summary : "");
        return;
    }
    printf("%s[\"%s\", \"%s\", \"%s\", ", count++ ? ", " : "", start, end, status);
    quote(summary ? summary : "");
    putchar(']');
}

static char *content(const char *name)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    text[fread(text, 1, (size_t)size, file)] = 0;
    fclose(file);
    return text;
}

/* The first complaint anywhere in the tree: libical leaves X-LIC-ERROR where it could not read. */
static const char *complaint(icalcomponent *component)
{
    icalproperty *error = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
    if (error)
        return icalproperty_get_xlicerror(error);
    for (icalcomponent *part = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT); part;
         part = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
        const char *inner = complaint(part);
        if (inner)
            return inner;
    }
    return NULL;
}

/* Names a TZID in the event that no VTIMEZONE of the file declares, or NULL. */
static const char *undeclared(icalcomponent *calendar, icalcomponent *event)
{
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_ANY_PROPERTY); property;
         property = icalcomponent_get_next_property(event, ICAL_ANY_PROPERTY)) {
        icalparameter *tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
        if (tzid && !icalcomponent_get_timezone(calendar, icalparameter_get_tzid(tzid)))
            return icalparameter_get_tzid(tzid);
    }
    return NULL;
}

static const char *read_file(const char *name)
{
    char *text = content(name);
    if (!text)
        return "cannot be opened";
    icalcomponent *calendar = icalparser_parse_string(text);
    free(text);
    if (!calendar)
        return "cannot be parsed";
    if (icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT)
        return "not one VCALENDAR";
    const char *error = complaint(calendar);
    if (error)
        return error;
    if (!icalrestriction_check(calendar)) {
        error = complaint(calendar);
        return error ? error : "breaks a restriction";
    }
    struct icaltimetype first = icaltime_from_timet_with_zone(from - 2 * 86400, 0, icaltimezone_get_utc_timezone());
    struct icaltimetype last = icaltime_from_timet_with_zone(to + 2 * 86400, 0, icaltimezone_get_utc_timezone());
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        if (undeclared(calendar, event))
            return "a TZID without a VTIMEZONE";
        icalcomponent_foreach_recurrence(event, first, last, tell, NULL);
    }
    icalcomponent_free(calendar);
    return NULL;
}

static time_t day(const char *text)
{
    struct tm tm = {0};
    if (sscanf(text, "%d-%d-%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) != 3)
        exit(2);
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    return timegm(&tm);
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: li [FILE] FROM TO\n");
        return 2;
    }
    from = day(argv[argc - 2]);
    to = day(argv[argc - 1]);
    if (argc == 4) {
        const char *error = read_file(argv[1]);
        if (error)
            fprintf(stderr, "%s: %s\n", argv[1], error);
        return error ? 1 : 0;
    }
    json = 1;
    char name[4096];
    while (fgets(name, sizeof name, stdin)) {
        name[strcspn(name, "\n")] = 0;
        count = 0;
        printf("{\"occurrences\": [");
        const char *error = read_file(name);
        printf("]");
        if (error) {
            printf(", \"error\": ");
            quote(error);
        }
        printf("}\n");
    }
    return 0;
}
