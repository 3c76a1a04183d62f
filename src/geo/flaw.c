#include "geo/flaw.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *reason; /* as GEOS's IsValidOp says it; NULL: ours alone */
    const char *zh, *en;
} flaws[] = {
    [PH_FLAW_NONE] = {NULL, "图形有效", "valid"},
    [PH_FLAW_OTHER] = {"Topology Validation Error", "拓扑错误", "topology error"},
    [PH_FLAW_SELF_INTERSECTION] = {"Self-intersection", "边界自相交", "self-intersection"},
    [PH_FLAW_RING_SELF_INTERSECTION] = {"Ring Self-intersection", "同一条环在一点自接触", "ring self-intersection"},
    [PH_FLAW_HOLE_OUTSIDE] = {"Hole lies outside shell", "内环(洞)在外环之外", "hole lies outside shell"},
    [PH_FLAW_NESTED_HOLES] = {"Holes are nested", "内环(洞)互相嵌套", "holes are nested"},
    [PH_FLAW_DISCONNECTED_INTERIOR] = {"Interior is disconnected", "内部被内环隔断,不连通", "interior is disconnected"},
    [PH_FLAW_NESTED_PARTS] = {"Nested shells", "一个部分嵌套在另一个部分之内", "nested shells"},
    [PH_FLAW_DUPLICATE_RINGS] = {"Duplicate Rings", "有重复的环", "duplicate rings"},
    [PH_FLAW_TOO_FEW_POINTS] = {"Too few points in geometry component", "环的节点太少,不成面", "too few points in a ring"},
    [PH_FLAW_NOT_FINITE] = {"Invalid Coordinate", "坐标不是有限数", "coordinate is not finite"},
    [PH_FLAW_NOT_CLOSED] = {"Ring is not closed", "环未闭合", "ring is not closed"},
};

const char *ph_flaw_zh(enum ph_flaw flaw) { return flaws[flaw].zh; }

const char *ph_flaw_en(enum ph_flaw flaw) { return flaws[flaw].en; }

enum ph_flaw ph_flaw_of_reason(const char *reason)
{
    for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++)
        if (flaws[i].reason != NULL && strncmp(reason, flaws[i].reason, strlen(flaws[i].reason)) == 0) return (enum ph_flaw)i;
    return PH_FLAW_OTHER;
}
