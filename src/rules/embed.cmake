# cmake -DOUT=builtin_sets.c -P embed.cmake A.yaml B.yaml …: the texts as C arrays, in the order given.
set(files "")
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 0 ${last})
    if("${CMAKE_ARGV${i}}" MATCHES "\\.yaml$")
        list(APPEND files "${CMAKE_ARGV${i}}")
    endif()
endforeach()
set(arrays "")
set(rows "")
foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME_WE)
    file(READ "${file}" hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR length "${digits} / 2")
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(APPEND arrays "static const unsigned char set_${name}[] = {${bytes}0};\n")
    string(APPEND rows "    {\"${name}\", (const char *)set_${name}, ${length}},\n")
endforeach()
file(WRITE "${OUT}" "#include \"rules/ruleset.h\"\n\n${arrays}
static const struct ph_builtin_text sets[] = {\n${rows}};

const struct ph_builtin_text *ph_builtin_set(size_t index)
{
    return index < sizeof sets / sizeof *sets ? &sets[index] : NULL;
}
")
