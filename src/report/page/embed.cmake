# cmake -DOUT=page.c -P embed.cmake report.html report.css A.js B.js …: markup, style and script as C arrays; the scripts one after another.
function(bytes_of result)
    set(all "")
    foreach(file IN LISTS ARGN)
        file(READ "${file}" hex HEX)
        string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
        string(APPEND all "${bytes}")
    endforeach()
    set(${result} "${all}" PARENT_SCOPE)
endfunction()

math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 0 ${last})
    if("${CMAKE_ARGV${i}}" MATCHES "\\.(html|css|js)$")
        list(APPEND ${CMAKE_MATCH_1} "${CMAKE_ARGV${i}}")
    endif()
endforeach()
bytes_of(markup ${html})
bytes_of(style ${css})
bytes_of(script ${js})
set(text "#include \"report/page.h\"\n")
foreach(part markup style script)
    string(APPEND text "
static const unsigned char ${part}[] = {${${part}}};
const struct ph_str ph_page_${part} = {(const char *)${part}, sizeof ${part}};
")
endforeach()
file(WRITE "${OUT}" "${text}")
