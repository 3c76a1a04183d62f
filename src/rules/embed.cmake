# cmake -DOUT=builtin_sets.c -DFUNCTION=ph_builtin_set -P embed.cmake A.yaml B.yaml …: the texts as C arrays, in the order given.
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
    string(MAKE_C_IDENTIFIER "${name}" identifier)
    file(READ "${file}" hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR length "${digits} / 2")
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(APPEND arrays "static const unsigned char text_${identifier}[] = {${bytes}0};\n")
    string(APPEND rows "    {\"${name}\", (const char *)text_${identifier}, ${length}},\n")
endforeach()
file(WRITE "${OUT}" "#include \"rules/document.h\"\n\nconst struct ph_builtin_text *${FUNCTION}(size_t index);\n\n${arrays}
static const struct ph_builtin_text texts[] = {\n${rows}};

const struct ph_builtin_text *${FUNCTION}(size_t index)
{
    return index < sizeof texts / sizeof *texts ? &texts[index] : NULL;
}
")
