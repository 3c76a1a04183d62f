#include "audit/staging.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "io/connection.h"

/* What the request says, else what the connection string does, else a name by the reference date. */
static void name_schema(const struct ph_audit_request *q, char *schema, size_t size)
{
    int year, month, day;
    if (q->pg_schema)
        snprintf(schema, size, "%s", q->pg_schema);
    else if (!ph_connection_value(q->output, "active_schema", schema, size) && !ph_connection_value(q->output, "schemas", schema, size)) {
        if (ph_date_parts(q->as_of, &year, &month, &day))
            snprintf(schema, size, "panhuo_%04d%02d%02d", year, month, day);
        else
            snprintf(schema, size, "panhuo_check");
    }
}

enum ph_status ph_staging_begin(const struct ph_audit_request *q, struct ph_staging *s, struct ph_error *err)
{
    memset(s, 0, sizeof *s);
    s->request = *q;
    bool database = q->output && ph_connection_is(q->output);
    if (!database && q->pg_schema)
        return ph_fail(err, PH_E_USAGE, "--pg-schema 只用于写入 PostGIS:-o \"PG:dbname=…\"", "--pg-schema goes with PostGIS only: -o \"PG:dbname=…\"");
    if (!database) return PH_OK;
    name_schema(q, s->schema, sizeof s->schema);
    s->place = (struct ph_postgis_place){.connection = q->output, .schema = s->schema, .overwrite = q->overwrite != 0};
    PH_TRY(ph_postgis_check(&s->place, err));
    ph_connection_label(q->output, s->schema, s->label, sizeof s->label);
    const char *shelf = getenv("TMPDIR");
    snprintf(s->folder, sizeof s->folder, "%s/panhuo-XXXXXX", shelf && shelf[0] ? shelf : "/tmp");
    if (mkdtemp(s->folder) == NULL) {
        ph_fail(err, PH_E_OUTPUT, "临时目录建不了:%s", "no temporary folder can be made: %s", strerror(errno));
        ph_at_file(err, s->folder);
        s->folder[0] = '\0';
        return PH_E_OUTPUT;
    }
    snprintf(s->file, sizeof s->file, "%s/audit.gpkg", s->folder);
    s->request.output = s->file;
    return PH_OK;
}

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        char file[PH_STAGING_PATH + sizeof entry->d_name + 1];
        snprintf(file, sizeof file, "%s/%s", folder, entry->d_name);
        unlink(file); /* . and .. are folders, which it leaves */
    }
    if (dir) closedir(dir);
    rmdir(folder);
}

enum ph_status ph_staging_end(struct ph_staging *s, enum ph_status status, struct ph_error *err)
{
    if (s->folder[0] == '\0') return status;
    if (status == PH_OK) status = ph_postgis_publish(&s->place, s->file, &s->request.progress, err);
    remove_folder(s->folder);
    return status;
}
